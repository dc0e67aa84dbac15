import { factsOf, type MetricName } from "../../domain/metrics.ts";
import {
  type Counter,
  type Gauge,
  type Histogram,
  type Meter,
  NO_SERIES,
} from "../../ports/meter.ts";
import { type Labels, MetricPage } from "./metric-page.ts";

/** Counts in a page of memory that others read. One worker has it at a time. */
export class SharedMeter implements Meter {
  readonly #page: MetricPage;
  readonly #known = new Map<string, number>();
  readonly #dropped: Counter;

  constructor(memory: SharedArrayBuffer) {
    this.#page = new MetricPage(memory);
    for (const { name, labels, at } of this.#page.series()) {
      this.#known.set(keyOf(name, labels), at);
      if (factsOf(name).kind === "gauge") {
        // Of a worker that died: what was under way ended with it.
        this.#page.numbers[at] = 0;
      }
    }
    this.#dropped = this.counter("moorage_metrics_series_dropped_total", {});
  }

  counter(name: MetricName, labels: Labels): Counter {
    return this.#number(name, labels);
  }

  gauge(name: MetricName, labels: Labels): Gauge {
    return this.#number(name, labels);
  }

  histogram(name: MetricName, labels: Labels): Histogram {
    const at = this.#place(name, labels);
    return at === undefined
      ? NO_SERIES
      : new Buckets(this.#page.numbers, at, factsOf(name).buckets ?? []);
  }

  #number(name: MetricName, labels: Labels): Counter & Gauge {
    const at = this.#place(name, labels);
    return at === undefined ? NO_SERIES : new OneNumber(this.#page.numbers, at);
  }

  #place(name: MetricName, labels: Labels): number | undefined {
    const key = keyOf(name, labels);
    const known = this.#known.get(key);
    if (known !== undefined) {
      return known;
    }
    const at = this.#page.begin(name, labels);
    if (at === undefined) {
      this.#dropped.add();
    } else {
      this.#known.set(key, at);
    }
    return at;
  }
}

function keyOf(name: MetricName, labels: Labels): string {
  return [name, ...factsOf(name).labels.map((label) => labels[label])].join("\n");
}

class OneNumber implements Counter, Gauge {
  readonly #numbers: Float64Array;
  readonly #at: number;

  constructor(numbers: Float64Array, at: number) {
    this.#numbers = numbers;
    this.#at = at;
  }

  add(difference = 1): void {
    this.#numbers[this.#at] = (this.#numbers[this.#at] ?? 0) + difference;
  }

  set(value: number): void {
    this.#numbers[this.#at] = value;
  }
}

class Buckets implements Histogram {
  readonly #numbers: Float64Array;
  readonly #at: number;
  readonly #ends: readonly number[];

  constructor(numbers: Float64Array, at: number, ends: readonly number[]) {
    this.#numbers = numbers;
    this.#at = at;
    this.#ends = ends;
  }

  /** Adds to the value's own bucket alone; who reads them sums them up. */
  observe(value: number): void {
    const ends = this.#ends;
    let bucket = 0;
    while (bucket < ends.length && value > (ends[bucket] ?? 0)) {
      bucket++;
    }
    if (bucket < ends.length) {
      this.#add(bucket, 1);
    }
    this.#add(ends.length, value);
    this.#add(ends.length + 1, 1);
  }

  #add(offset: number, difference: number): void {
    const at = this.#at + offset;
    this.#numbers[at] = (this.#numbers[at] ?? 0) + difference;
  }
}
