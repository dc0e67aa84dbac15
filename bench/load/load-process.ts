// The process that makes the load, so that its CPU seconds and its garbage collections are not the harness's.
import { QUICK, type Sizes } from "../sizes.ts";
import { WORKLOADS } from "../workloads/all.ts";
import type { Sample } from "../workloads/workload.ts";
import type { Endpoint } from "./endpoint.ts";

/** What the harness asks for. */
export interface LoadOrder {
  readonly phase: "prepare" | "warm-up" | "measure";
  readonly workload: string;
  readonly endpoint: Endpoint;
  readonly sizes: Sizes;
}

export type LoadResult =
  | { readonly kind: "done"; readonly sample: Sample | undefined }
  | { readonly kind: "failed"; readonly problem: string };

/** That two workers share so many connections of one at a time without either going short has a probability of 97 %. */
const WARM_UP_TURNS = 6;

async function carryOut({ phase, workload, endpoint, sizes }: LoadOrder): Promise<LoadResult> {
  const found = WORKLOADS.find(({ name }) => name === workload);
  try {
    switch (phase) {
      case "prepare":
        await found?.prepare?.(endpoint, sizes);
        return { kind: "done", sample: undefined };
      case "warm-up":
        // A server has several workers, and the kernel deals connections out: each turn has new ones, so that all are warm.
        for (let turn = 0; turn < WARM_UP_TURNS; turn++) {
          await found?.measure(endpoint, warmUpOf(sizes));
        }
        return { kind: "done", sample: undefined };
      case "measure":
        return { kind: "done", sample: await found?.measure(endpoint, sizes) };
      default:
        return phase satisfies never;
    }
  } catch (error) {
    return { kind: "failed", problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The same content, less of it. */
function warmUpOf(sizes: Sizes): Sizes {
  return {
    ...sizes,
    seconds: sizes.warmUpSeconds,
    pulls: 8,
    pushes: QUICK.pushes,
    pushBytesOfMany: QUICK.pushBytesOfMany,
    pushBytesOfOne: QUICK.pushBytesOfMany,
    images: 20,
  };
}

process.on("message", (order: LoadOrder) => {
  carryOut(order).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));
