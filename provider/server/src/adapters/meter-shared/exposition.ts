import { factsOf, type MetricName } from "../../domain/metrics.ts";
import { type Labels, MetricPage, type Series } from "./metric-page.ts";
import { processMeasures } from "./process-measures.ts";

/** One number of a metric, as `prom-client` takes it. */
export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  /** Of a histogram's parts: the metric's name and what they are. */
  readonly metricName?: string;
}

/** What workers have measured, added up, in the text format of Prometheus. */
export class Exposition {
  readonly contentType: string;
  readonly #pages: readonly MetricPage[];
  readonly #aggregate: Aggregate;

  private constructor(pages: readonly MetricPage[], aggregate: Aggregate, contentType: string) {
    this.#pages = pages;
    this.#aggregate = aggregate;
    this.contentType = contentType;
  }

  /** Loads what it takes, which a server that nobody watches never needs. */
  static async of(memories: readonly SharedArrayBuffer[]): Promise<Exposition> {
    // Its names are found only behind `default` once it is in a bundle.
    const { default: client } = await import("prom-client");
    const { AggregatorRegistry, Registry } = client;
    const pages = memories.map((memory) => new MetricPage(memory));
    const aggregate: Aggregate = (metrics) => AggregatorRegistry.aggregate(metrics).metrics();
    return new Exposition(pages, aggregate, Registry.PROMETHEUS_CONTENT_TYPE);
  }

  async text(): Promise<string> {
    const own = await processMeasures();
    return this.#aggregate([
      ...this.#pages.map(measuresOf),
      own.map(([name, value]) => metric(name, [{ value, labels: {} }])),
    ]);
  }
}

type Aggregate = (metrics: object[]) => Promise<string>;

function measuresOf(page: MetricPage): object[] {
  const samples = new Map<MetricName, Sample[]>();
  for (const series of page.series()) {
    const { name } = series;
    const known = samples.get(name) ?? [];
    known.push(...samplesOf(series, page.numbers));
    samples.set(name, known);
  }
  return Array.from(samples, ([name, values]) => metric(name, values));
}

function metric(name: MetricName, values: readonly Sample[]): object {
  const { kind: type, help } = factsOf(name);
  return { name, type, help, values, aggregator: "sum" };
}

function samplesOf({ name, labels, at }: Series, numbers: Float64Array): readonly Sample[] {
  const { kind, buckets = [] } = factsOf(name);
  const number = (offset: number) => numbers[at + offset] ?? 0;
  return kind === "histogram"
    ? histogram(name, labels, buckets, number)
    : [{ value: number(0), labels }];
}

function histogram(
  name: MetricName,
  labels: Labels,
  ends: readonly number[],
  number: (offset: number) => number,
): readonly Sample[] {
  const count = number(ends.length + 1);
  let sum = 0;
  const within = ends.map((le, bucket) => {
    sum += number(bucket);
    // The count is written last: it must never be less than what is in the buckets.
    return { value: Math.min(sum, count), labels: { le, ...labels }, metricName: `${name}_bucket` };
  });
  return [
    ...within,
    { value: count, labels: { le: "+Inf", ...labels }, metricName: `${name}_bucket` },
    { value: number(ends.length), labels, metricName: `${name}_sum` },
    { value: count, labels, metricName: `${name}_count` },
  ];
}
