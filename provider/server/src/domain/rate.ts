/** So many within so long: in no stretch of `windowMilliseconds` are there more than `countMax`. */
export interface Rate {
  /** Tells what is counted apart from what other rates count. */
  readonly name: string;
  readonly countMax: number;
  readonly windowMilliseconds: number;
}
