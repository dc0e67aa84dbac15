import { once } from "node:events";
import { exposeMetrics, makeMetricPage, meterIn } from "../compose/metrics.ts";
import { ConfigError } from "../config/config-error.ts";
import type { ListenAddress } from "../config/network.ts";
import { createMetricsServer } from "../http/metrics-server.ts";

/**
 * What all workers measure, at an address of its own, answered by the thread that is none of them where there are several: so a server whose
 * workers hang can still be looked at.
 */
export interface WorkersMetrics {
  /** A page for each worker. Whoever takes a dead one's place goes on in its page, so that nothing counts backwards. */
  readonly pages: readonly SharedArrayBuffer[];
  /** Counts for this thread itself. */
  readonly meter: ReturnType<typeof meterIn>;
  readonly deaths: { add(): void };
  close(): Promise<void>;
}

/** @throws ConfigError where the address is not free */
export async function listenForMetrics(
  { host, port }: ListenAddress,
  workers: number,
): Promise<WorkersMetrics> {
  const pages = Array.from({ length: workers }, makeMetricPage);
  const own = makeMetricPage();
  const meter = meterIn(own);
  const deaths = meter.counter("moorage_worker_deaths_total", {});
  const server = createMetricsServer(await exposeMetrics([...pages, own]));
  server.listen({ host, port });
  try {
    await once(server, "listening");
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`MOORAGE_METRICS_LISTEN: ${problem}`, { cause });
  }
  return {
    pages,
    meter,
    deaths,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
