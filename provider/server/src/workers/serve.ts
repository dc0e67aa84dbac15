import { compose, type SharedMemory } from "../compose.ts";
import type { Config } from "../config.ts";
import { SHUTDOWN_DRAIN_MILLISECONDS } from "../domain/limits.ts";
import { createServer } from "../http/server.ts";
import { startJobs } from "../jobs/loop.ts";

/** What one worker does besides answering requests. */
export interface Duties {
  /** Other workers listen at the same addresses, and the kernel deals connections out. */
  readonly sharesPorts: boolean;
  /** Runs background jobs, and tells what concerns the server as a whole. */
  readonly leads: boolean;
  /** What all workers of the process share; absent where there is one. */
  readonly shared?: SharedMemory;
}

export interface Serving {
  /** No new connections → requests under way finish, up to a deadline → jobs end → stores close. */
  stop(): Promise<void>;
}

/** Answers requests, on this thread, until it is told to stop. */
export async function serve(config: Config, duties: Duties): Promise<Serving> {
  const { context, ownerNotice, close } = await compose(config, duties.shared);
  const { events } = context;
  const servers = config.listen.map(() => createServer(context, { clientSide: config }));
  for (const [index, address] of config.listen.entries()) {
    // Fastify hands it on to `net.Server.listen`, but does not declare it.
    const options = { ...address, reusePort: duties.sharesPorts };
    const url = await servers[index]?.listen(options);
    if (duties.leads) {
      events.info("listening", { url });
    }
  }
  if (ownerNotice !== undefined) {
    events.info("first-start", ownerNotice);
  }
  const jobs = duties.leads ? startJobs(context) : undefined;
  return {
    async stop() {
      if (duties.leads) {
        events.info("stopping");
      }
      const deadline = setTimeout(() => {
        events.warn("stopped-at-deadline", { milliseconds: SHUTDOWN_DRAIN_MILLISECONDS });
        process.exit(0);
      }, SHUTDOWN_DRAIN_MILLISECONDS);
      await Promise.all(servers.map((server) => server.close()));
      await jobs?.stop();
      if (duties.leads) {
        events.info("stopped");
      }
      await close();
      clearTimeout(deadline);
    },
  };
}
