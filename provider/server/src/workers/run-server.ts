import { ConfigError } from "../config/config-error.ts";
import { type Config, readConfig } from "../config.ts";
import { OperationError } from "../domain/operation-error.ts";
import type { Duties } from "./serve.ts";
import { startWorkers } from "./supervisor.ts";
import type { WorkersMetrics } from "./workers-metrics.ts";

/**
 * The server's process: settings → workers, each with parts, listeners and jobs; and, on SIGTERM or SIGINT, an orderly stop. `entry` is
 * the program that each worker's thread runs.
 */
export async function runServer(entry: string): Promise<void> {
  try {
    await run(entry);
  } catch (error) {
    fail(error);
  }
}

async function run(entry: string): Promise<void> {
  process.umask(0o077);
  const config = readConfig(process.env);
  // From here on a signal means an orderly stop, also while workers start.
  const stopped = new Promise<void>((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
  });
  const metrics = await watchWorkers(config);
  const serving = await (config.workers === 1
    ? import("./serve.ts").then(({ serve }) => serve(config, dutiesOfOne(metrics)))
    : startWorkers(config, entry, metrics));
  await stopped;
  await serving.stop();
  await metrics?.close();
}

/** Whoever is not watched loads nothing for it. */
async function watchWorkers({
  metricsListen,
  workers,
}: Config): Promise<WorkersMetrics | undefined> {
  if (metricsListen === undefined) {
    return undefined;
  }
  const { listenForMetrics } = await import("./workers-metrics.ts");
  return listenForMetrics(metricsListen, workers);
}

function dutiesOfOne(metrics: WorkersMetrics | undefined): Duties {
  const metricPage = metrics?.pages[0];
  return {
    sharesPorts: false,
    leads: true,
    index: 0,
    shared: { ...(metricPage && { metricPage }) },
  };
}

function fail(error: unknown): void {
  if (ConfigError.is(error)) {
    process.stderr.write(`moorage: the settings are not right\n${error.message}\n`);
  } else if (OperationError.is(error)) {
    process.stderr.write(`moorage: ${error.message}\n`);
  } else if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
    process.stderr.write(`moorage: ${error.message}; set MOORAGE_LISTEN to a free address\n`);
  } else if (error instanceof Error && "errcode" in error) {
    process.stderr.write(
      `moorage: the database in MOORAGE_DATA_DIR cannot be used: ${error.message}; "moorage verify" tells what is damaged, "moorage restore" makes a data directory from a backup\n`,
    );
  } else if (error instanceof Error && "syscall" in error) {
    // What the system refuses: the message names the call and the path.
    process.stderr.write(`moorage: ${error.message}\n`);
  } else {
    process.stderr.write(`moorage: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
  process.exit(1);
}
