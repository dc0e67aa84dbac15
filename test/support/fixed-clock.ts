import type { Instant } from "../../provider/server/src/domain/ids.ts";
import type { Clock } from "../../provider/server/src/ports/clock.ts";

/** A clock that stands until a test moves it. */
export class FixedClock implements Clock {
  #now: Instant;

  constructor(now: Instant = Date.UTC(2030, 0, 1)) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
