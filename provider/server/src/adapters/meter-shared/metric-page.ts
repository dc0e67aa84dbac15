import {
  METRIC_PAGE_BYTES,
  METRIC_PAGE_DIRECTORY_BYTES,
  METRIC_PAGE_SLOTS_MAX,
} from "../../domain/limits.ts";
import { factsOf, type MetricName } from "../../domain/metrics.ts";

/*
 * The measures of one worker, in memory that outlives it: the thread that answers for all reads it whenever it is asked, without a message
 * that a busy worker would leave lying, and the worker that takes a dead one's place goes on counting where that one stopped.
 *
 *   ┌────────────────┬───────────────────────────┬──────────────────────────────────────────────┐
 *   │ directory used │ directory: a line of JSON │ numbers: one for a counter or a gauge, one for │
 *   │    4 bytes     │ for each series, in order │ each bucket of a histogram, its sum, its count │
 *   └────────────────┴───────────────────────────┴──────────────────────────────────────────────┘
 *
 * One thread writes, others read. Where a series' numbers begin follows from the lines before its own. A line counts once the directory says
 * so, after it was written; numbers are 64 bits wide and aligned, which the processors that Node runs on store in one piece.
 */

export type Labels = Readonly<Record<string, string>>;

export interface Series {
  readonly name: MetricName;
  readonly labels: Labels;
  /** Where its numbers begin. */
  readonly at: number;
}

const HEADER_BYTES = 8;
const NUMBERS_AT = HEADER_BYTES + METRIC_PAGE_DIRECTORY_BYTES;

export class MetricPage {
  readonly numbers: Float64Array;
  readonly #used: Int32Array;
  readonly #directory: Uint8Array;
  #numbersUsed = 0;

  /** `memory`: `METRIC_PAGE_BYTES`, zeros at first. */
  constructor(memory: SharedArrayBuffer) {
    if (memory.byteLength !== METRIC_PAGE_BYTES) {
      throw new Error(`a page of metrics has ${METRIC_PAGE_BYTES} bytes`);
    }
    this.#used = new Int32Array(memory, 0, 1);
    this.#directory = new Uint8Array(memory, HEADER_BYTES, METRIC_PAGE_DIRECTORY_BYTES);
    this.numbers = new Float64Array(memory, NUMBERS_AT, METRIC_PAGE_SLOTS_MAX);
    for (const { name, at } of this.series()) {
      this.#numbersUsed = at + widthOf(name);
    }
  }

  /** Every series that was begun so far. */
  series(): readonly Series[] {
    // A decoder takes no shared memory.
    const text = Buffer.from(this.#directory.slice(0, Atomics.load(this.#used, 0))).toString();
    let next = 0;
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => {
        // Written by `begin` alone.
        const [name, labels] = JSON.parse(line) as [MetricName, Labels];
        const at = next;
        next += widthOf(name);
        return { name, labels, at };
      });
  }

  /** Begins a series; `undefined`: there is no room for it. */
  begin(name: MetricName, labels: Labels): number | undefined {
    const used = Atomics.load(this.#used, 0);
    const line = Buffer.from(`${JSON.stringify([name, labels])}\n`);
    const at = this.#numbersUsed;
    const isRoom =
      used + line.byteLength <= METRIC_PAGE_DIRECTORY_BYTES &&
      at + widthOf(name) <= METRIC_PAGE_SLOTS_MAX;
    if (!isRoom) {
      return undefined;
    }
    this.#directory.set(line, used);
    this.#numbersUsed += widthOf(name);
    Atomics.store(this.#used, 0, used + line.byteLength);
    return at;
  }
}

/** How many numbers a series takes. */
export function widthOf(name: MetricName): number {
  const { kind, buckets = [] } = factsOf(name);
  return kind === "histogram" ? buckets.length + HISTOGRAM_TOTALS : 1;
}

/** Behind its buckets, a histogram has its sum and its count. */
const HISTOGRAM_TOTALS = 2;
