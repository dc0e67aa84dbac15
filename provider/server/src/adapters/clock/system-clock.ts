import type { Instant } from "../../domain/ids.ts";
import type { Clock } from "../../ports/clock.ts";

/** The machine's clock. */
export class SystemClock implements Clock {
  now(): Instant {
    return Date.now();
  }
}
