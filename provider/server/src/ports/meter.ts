import type { LabelsOf, MetricOf } from "../domain/metrics.ts";

/**
 * Where the server's parts count. A part asks for its series once, with their labels, and keeps them: adding to one is a write to memory,
 * safe on the hottest path.
 */
export interface Meter {
  counter<Name extends MetricOf<"counter">>(name: Name, labels: LabelsOf<Name>): Counter;
  gauge<Name extends MetricOf<"gauge">>(name: Name, labels: LabelsOf<Name>): Gauge;
  histogram<Name extends MetricOf<"histogram">>(name: Name, labels: LabelsOf<Name>): Histogram;
}

export interface Counter {
  /** One more, or `count` more. */
  add(count?: number): void;
}

export interface Gauge {
  set(value: number): void;
  add(difference: number): void;
}

export interface Histogram {
  observe(value: number): void;
}

class NoSeries implements Counter, Gauge, Histogram {
  add(): void {}
  set(): void {}
  observe(): void {}
}

/** Takes whatever it is told, and keeps nothing. */
export const NO_SERIES: Counter & Gauge & Histogram = new NoSeries();

/** Counts nothing: what parts count with where nobody watches. */
export const NO_METER: Meter = {
  counter: () => NO_SERIES,
  gauge: () => NO_SERIES,
  histogram: () => NO_SERIES,
};
