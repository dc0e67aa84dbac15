import type { Endpoint } from "../load/endpoint.ts";
import type { Sizes } from "../sizes.ts";

/** One measurement. */
export interface Sample {
  readonly value: number;
  /** What the server's CPU seconds are divided by. */
  readonly work: number;
}

/** A kind of load, by the name that `docs/performance.md` gives it. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly better: "higher" | "lower";
  /** What `Sample.work` counts; absent where CPU seconds say nothing. */
  readonly workUnit?: string;
  /** Puts there what is measured; once for each registry. */
  prepare?(endpoint: Endpoint, sizes: Sizes): Promise<void>;
  measure(endpoint: Endpoint, sizes: Sizes): Promise<Sample>;
}
