import type { AtOnce } from "../../domain/at-once.ts";
import { type Counter, NO_SERIES } from "../../ports/meter.ts";

interface Kept<Value> {
  readonly value: Value;
  readonly weight: number;
  /** Since room was last made. */
  wasUsed: boolean;
}

/** Where a cache counts what it was asked. */
export interface CountedLookups {
  readonly hits: Counter;
  readonly misses: Counter;
}

const UNCOUNTED: CountedLookups = { hits: NO_SERIES, misses: NO_SERIES };

/**
 * Keeps what was read for as long as nothing that it depends on was changed. Bounded by weight; what was not used since it was last in
 * line makes room ("second chance": a use costs a mark, where strict order of use would cost two changes of the map).
 *
 * A value is kept under the version that was current before it was read, so that one read just before a commit cannot outlive it.
 */
export class VersionedCache<Value> {
  readonly #currentVersion: () => number;
  readonly #weightMax: number;
  readonly #lookups: CountedLookups;
  readonly #weigh: (value: Value) => number;
  readonly #entries = new Map<string, Kept<Value>>();
  #weight = 0;
  #version = -1;

  constructor(
    currentVersion: () => number,
    weightMax: number,
    weigh: (value: Value) => number = () => 1,
    lookups: CountedLookups = UNCOUNTED,
  ) {
    this.#currentVersion = currentVersion;
    this.#weightMax = weightMax;
    this.#lookups = lookups;
    this.#weigh = weigh;
  }

  /** What is known under the key, at once; or else what `load` finds. Absence is not kept. */
  through(key: string, load: () => AtOnce<Value | undefined>): AtOnce<Value | undefined> {
    const version = this.#currentVersion();
    if (version !== this.#version) {
      this.#entries.clear();
      this.#weight = 0;
      this.#version = version;
    }
    const known = this.#entries.get(key);
    if (known !== undefined) {
      known.wasUsed = true;
      this.#lookups.hits.add();
      return known.value;
    }
    this.#lookups.misses.add();
    return this.#load(key, version, load);
  }

  async #load(
    key: string,
    version: number,
    load: () => AtOnce<Value | undefined>,
  ): Promise<Value | undefined> {
    const value = await load();
    if (value !== undefined && this.#version === version) {
      this.#keep(key, value);
    }
    return value;
  }

  #keep(key: string, value: Value): void {
    const weight = this.#weigh(value);
    this.#forget(key);
    if (weight > this.#weightMax) {
      return;
    }
    this.#weight += weight;
    this.#makeRoom();
    this.#entries.set(key, { value, weight, wasUsed: false });
  }

  /** A Map keeps the order of insertion, so the first entry is the one that is longest in line. */
  #makeRoom(): void {
    for (const [key, kept] of this.#entries) {
      if (this.#weight <= this.#weightMax) {
        break;
      }
      if (kept.wasUsed) {
        kept.wasUsed = false;
        this.#entries.delete(key);
        this.#entries.set(key, kept);
      } else {
        this.#forget(key);
      }
    }
  }

  #forget(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }
}
