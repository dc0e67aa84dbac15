import { RegistryError } from "../../domain/errors.ts";

/** Lets so many tasks run at once, so many more wait in the order they came, and refuses the rest. */
export class Turnstile {
  readonly #atOnceMax: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnceMax: number, waitingMax: number) {
    this.#atOnceMax = atOnceMax;
    this.#waitingMax = waitingMax;
  }

  /** @throws RegistryError `service-unavailable` when too many wait already */
  async pass<Result>(task: () => Promise<Result>): Promise<Result> {
    await this.#enter();
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#atOnceMax) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= this.#waitingMax) {
      throw new RegistryError("service-unavailable", { retryAfterSeconds: 1 });
    }
    // Whoever leaves hands its place over, so the count stays.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#running--;
    } else {
      next();
    }
  }
}
