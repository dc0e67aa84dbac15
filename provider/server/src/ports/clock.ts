import type { Instant } from "../domain/ids.ts";

/** Tells the time; a test sets its own. */
export interface Clock {
  now(): Instant;
}
