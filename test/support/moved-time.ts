import type { Instant } from "../../provider/server/src/domain/ids.ts";
import { FixedClock } from "./fixed-clock.ts";

interface Waiting {
  readonly until: Instant;
  readonly end: () => void;
}

/** Time that stands until a test moves it, with waits that end when it gets there. */
export class MovedTime extends FixedClock {
  readonly #waiting = new Set<Waiting>();

  /** Ends after a time, or as soon as `signal` aborts. */
  readonly wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const end = () => {
        this.#waiting.delete(waiting);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const waiting: Waiting = { until: this.now() + milliseconds, end };
      if (signal.aborted) {
        resolve();
        return;
      }
      this.#waiting.add(waiting);
      signal.addEventListener("abort", end);
    });

  /** How many waits are under way. */
  get waits(): number {
    return this.#waiting.size;
  }

  override advance(milliseconds: number): void {
    super.advance(milliseconds);
    for (const { until, end } of [...this.#waiting]) {
      if (until <= this.now()) {
        end();
      }
    }
  }
}
