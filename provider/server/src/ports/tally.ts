import type { Instant } from "../domain/ids.ts";
import type { Rate } from "../domain/rate.ts";

/** How a count stands. */
export interface Count {
  /** Whether one more was, or would be, within the rate. */
  readonly isWithin: boolean;
  /** How many more are. */
  readonly left: number;
  /** How long until one more is; 0 while one is. */
  readonly waitMilliseconds: number;
}

/**
 * Counts what happens, by rate and key, for all workers and processes of the installation. Answers at once: it never waits for another
 * worker or for a disk. A count that nothing was added to for the rate's window is zero.
 *
 * Exact among the threads of a process. Another process may learn of up to `TALLY_UNSHARED_PART_MAX` of a rate late, by
 * `TALLY_SHARE_MILLISECONDS`. Memory is fixed: of more keys than fit, those that were counted longest ago are forgotten by this process.
 */
export interface Tally {
  /** Counts one more, unless that would exceed the rate: what is refused is not counted. */
  take(rate: Rate, key: string, now: Instant): Count;
  /** Counts nothing. */
  look(rate: Rate, key: string, now: Instant): Count;
}
