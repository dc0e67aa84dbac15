import { compose } from "./compose.ts";
import { ConfigError, readConfig } from "./config.ts";
import { SHUTDOWN_DRAIN_MILLISECONDS } from "./domain/limits.ts";
import { createServer } from "./http/server.ts";
import { startJobs } from "./jobs/loop.ts";

/**
 * The server's process: settings, parts, listeners, jobs; and, on SIGTERM or SIGINT, an orderly stop:
 * no new connections → requests under way finish, up to a deadline → jobs end → stores close.
 */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  process.umask(0o077);
  const { context, ownerNotice, close } = await compose(config);
  const { events } = context;
  const servers = config.listen.map(() => createServer(context));
  for (const [index, address] of config.listen.entries()) {
    const url = await servers[index]?.listen(address);
    events.info("listening", { url });
  }
  if (ownerNotice !== undefined) {
    events.info("first-start", ownerNotice);
  }
  const jobs = startJobs(context);

  const stop = async (signal: string) => {
    events.info("stopping", { signal });
    const deadline = setTimeout(() => {
      events.warn("stopped-at-deadline", { milliseconds: SHUTDOWN_DRAIN_MILLISECONDS });
      process.exit(0);
    }, SHUTDOWN_DRAIN_MILLISECONDS);
    await Promise.all(servers.map((server) => server.close()));
    await jobs.stop();
    await close();
    clearTimeout(deadline);
    events.info("stopped");
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      stop(signal).catch((error: unknown) => fail(error));
    });
  }
}

function fail(error: unknown): void {
  if (error instanceof ConfigError) {
    process.stderr.write(`moorage: the settings are not right\n${error.message}\n`);
  } else if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
    process.stderr.write(`moorage: ${error.message}; set MOORAGE_LISTEN to a free address\n`);
  } else {
    process.stderr.write(`moorage: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
  process.exit(1);
}

main().catch(fail);
