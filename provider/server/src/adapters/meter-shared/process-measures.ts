import { readdir } from "node:fs/promises";
import type { MetricName } from "../../domain/metrics.ts";

const MICROSECONDS = 1_000_000;

/** What is known of the process as a whole, under the names that Prometheus' own clients use. */
export async function processMeasures(): Promise<readonly (readonly [MetricName, number])[]> {
  const { user, system } = process.cpuUsage();
  const files = await openFiles();
  return [
    ["process_cpu_seconds_total", (user + system) / MICROSECONDS],
    ["process_resident_memory_bytes", process.memoryUsage.rss()],
    ["process_start_time_seconds", Math.floor(Date.now() / 1000 - process.uptime())],
    ...(files === undefined ? [] : [["process_open_fds", files] as const]),
  ];
}

/** `undefined` where the system does not tell. */
async function openFiles(): Promise<number | undefined> {
  try {
    return (await readdir("/proc/self/fd")).length;
  } catch {
    return undefined;
  }
}
