import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Context } from "../app/context.ts";
import { METRIC_SAMPLE_MILLISECONDS } from "../domain/limits.ts";

const NANOSECONDS = 1e9;
/** Of the event loop's delays since the last look, by the label that says which part of them were shorter. */
const QUANTILES = { "0.5": 50, "0.99": 99, "1": 100 } as const;

type Parts = Required<Pick<Context, "meter">> & Pick<Context, "metadata" | "clock" | "events">;

/** Takes a worker's own measures every few seconds: whether its event loop keeps up, its memory; and, once for all, the open uploads. */
export function measureWorker(
  { meter, metadata, clock, events }: Parts,
  { index, leads }: { readonly index: number; readonly leads: boolean },
): { close(): void } {
  if (meter === undefined) {
    return { close() {} };
  }
  const worker = String(index);
  const delays = Object.entries(QUANTILES).map(([quantile, percentile]) => ({
    gauge: meter.gauge("moorage_event_loop_delay_seconds", { worker, quantile }),
    percentile,
  }));
  const heap = meter.gauge("moorage_worker_heap_bytes", { worker });
  const sign = meter.gauge("moorage_worker_last_sign_timestamp_seconds", { worker });
  const uploads = leads ? meter.gauge("moorage_uploads_open", {}) : undefined;
  const monitor = monitorEventLoopDelay();
  monitor.enable();
  const look = async () => {
    for (const { gauge, percentile } of delays) {
      gauge.set(monitor.percentile(percentile) / NANOSECONDS);
    }
    monitor.reset();
    heap.set(process.memoryUsage().heapUsed);
    sign.set(clock.now() / 1000);
    uploads?.set(await metadata.uploads.count());
  };
  const lookQuietly = () => {
    look().catch((error: unknown) => events.error("uploads-not-counted", error));
  };
  lookQuietly();
  const timer = setInterval(lookQuietly, METRIC_SAMPLE_MILLISECONDS).unref();
  return {
    close() {
      clearInterval(timer);
      monitor.disable();
    },
  };
}
