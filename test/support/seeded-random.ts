/** Random numbers that the same seed gives again. */
export class SeededRandom {
  readonly seed: number;
  #state: number;

  constructor(seed: number) {
    this.seed = seed;
    this.#state = seed >>> 0;
  }

  /** The seed that `SEED` names, or another one each time. */
  static fromEnvironment(): SeededRandom {
    const { SEED } = process.env;
    return new SeededRandom(SEED === undefined ? Date.now() % 2 ** 32 : Number(SEED));
  }

  /** At least `from`, below `below`, and whole. */
  integer(from: number, below: number): number {
    return from + Math.floor(this.#next() * (below - from));
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.integer(0, items.length)] ?? items[0];
  }

  /** Mulberry32: between 0 and 1. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
