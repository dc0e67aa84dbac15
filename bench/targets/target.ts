import type { Endpoint } from "../load/endpoint.ts";

/** A registry under measurement. */
export interface Target {
  readonly endpoint: Endpoint;
  /** What ran, for the table's legend. */
  readonly description: string;
  /** Process whose tree is watched; absent for a server that the harness has not started. */
  readonly pid: number | undefined;
  /** From the start of its process until it answered; absent likewise. */
  readonly startSeconds: number | undefined;
  stop(): Promise<void>;
}
