import { Exposition } from "../adapters/meter-shared/exposition.ts";
import { SharedMeter } from "../adapters/meter-shared/shared-meter.ts";
import { METRIC_PAGE_BYTES } from "../domain/limits.ts";
import type { Meter } from "../ports/meter.ts";

/** Memory for one worker's measures. */
export function makeMetricPage(): SharedArrayBuffer {
  return new SharedArrayBuffer(METRIC_PAGE_BYTES);
}

/** Counts in such memory. One thread has it at a time. */
export function meterIn(page: SharedArrayBuffer): Meter {
  return new SharedMeter(page);
}

/** What all workers have measured; loads what it takes to write it down. */
export function exposeMetrics(pages: readonly SharedArrayBuffer[]): Promise<MetricsSource> {
  return Exposition.of(pages);
}

export interface MetricsSource {
  readonly contentType: string;
  text(): Promise<string>;
}
