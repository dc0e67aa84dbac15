import type { ChangeSignal } from "../../ports/change-signal.ts";

/**
 * Keeps what was read for as long as nothing was committed. Bounded by weight; what was used longest ago makes room.
 *
 * A value is kept under the version that was current before it was read, so that one read just before a commit cannot outlive it.
 */
export class VersionedCache<Value> {
  readonly #changes: ChangeSignal;
  readonly #weightMax: number;
  readonly #weigh: (value: Value) => number;
  readonly #entries = new Map<string, Value>();
  #weight = 0;
  #version = -1;

  constructor(changes: ChangeSignal, weightMax: number, weigh: (value: Value) => number) {
    this.#changes = changes;
    this.#weightMax = weightMax;
    this.#weigh = weigh;
  }

  /** What is known under the key, or else what `load` finds. Absence is not kept. */
  async through(key: string, load: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const version = this.#changes.version();
    if (version !== this.#version) {
      this.#entries.clear();
      this.#weight = 0;
      this.#version = version;
    }
    const known = this.#entries.get(key);
    if (known !== undefined) {
      // A Map keeps the order of insertion, so the first entry is the longest unused one.
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const value = await load();
    if (value !== undefined && this.#version === version) {
      this.#keep(key, value);
    }
    return value;
  }

  forget(key: string): void {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#weight -= this.#weigh(known);
    }
  }

  #keep(key: string, value: Value): void {
    this.forget(key);
    this.#entries.set(key, value);
    this.#weight += this.#weigh(value);
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#weightMax) {
        break;
      }
      this.forget(oldest);
    }
  }
}
