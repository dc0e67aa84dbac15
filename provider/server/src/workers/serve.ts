import { type BegunComposition, beginComposition, type SharedMemory } from "../compose.ts";
import type { Config } from "../config.ts";
import { SHUTDOWN_DRAIN_MILLISECONDS } from "../domain/limits.ts";
import { startJobs } from "../jobs/loop.ts";
import { Certificate } from "./certificate.ts";
import { Listeners } from "./listeners.ts";
import { measureWorker } from "./measured-worker.ts";
import { RegistryPortListeners } from "./registry-port-listeners.ts";

/** What one worker does besides answering requests. */
export interface Duties {
  /** Other workers listen at the same addresses, and the kernel deals connections out. */
  readonly sharesPorts: boolean;
  /** Runs background jobs, and tells what concerns the server as a whole. */
  readonly leads: boolean;
  /** Which of the process' workers this is, from 0 on; the one that takes a dead one's place has its number. */
  readonly index: number;
  /** What all workers of the process share; absent where there is one. */
  readonly shared?: SharedMemory;
}

export interface Serving {
  /** No new connections → requests under way finish, up to a deadline → jobs end → stores close. */
  stop(): Promise<void>;
}

/** Answers requests, on this thread, until it is told to stop. */
export async function serve(config: Config, duties: Duties): Promise<Serving> {
  const certificate = config.tls && (await Certificate.open(config.tls));
  const composition = await beginComposition(config, {
    ...duties.shared,
    workerIndex: duties.index,
  });
  const { context, close } = composition;
  const { events } = context;
  const { sharesPorts } = duties;
  const registryPorts = registryPortsOf(config, duties, composition);
  const registryAt = registryPorts?.registryAt;
  const listeners = new Listeners(context, config, { sharesPorts, certificate, registryAt });
  await listeners.make(config.listen);
  const ownerNotice = await composition.ownerNotice;
  for (const address of config.listen) {
    const url = await listeners.open(address);
    if (duties.leads) {
      events.info("listening", { url });
    }
  }
  certificate?.watch({
    onChange(pair, facts) {
      listeners.useCertificate(pair);
      if (duties.leads) {
        events.info("certificate-changed", facts);
      }
    },
    onProblem(problem) {
      if (duties.leads) {
        events.error("certificate-not-changed", problem);
      }
    },
  });
  await registryPorts?.start((connection) => listeners.take(connection));
  if (duties.leads && config.unknownSettings.length > 0) {
    events.warn("settings-unknown", { names: config.unknownSettings.join(", ") });
  }
  if (ownerNotice !== undefined) {
    events.info("first-start", ownerNotice);
  }
  const jobs = duties.leads ? startJobs(context) : undefined;
  const measures = context.meter && measureWorker({ ...context, meter: context.meter }, duties);
  return {
    async stop() {
      if (duties.leads) {
        events.info("stopping");
      }
      const deadline = setTimeout(() => {
        events.warn("stopped-at-deadline", { milliseconds: SHUTDOWN_DRAIN_MILLISECONDS });
        process.exit(0);
      }, SHUTDOWN_DRAIN_MILLISECONDS);
      certificate?.close();
      measures?.close();
      await Promise.all([registryPorts?.close(), listeners.close()]);
      await jobs?.stop();
      if (duties.leads) {
        events.info("stopped");
      }
      await close();
      clearTimeout(deadline);
    },
  };
}

function registryPortsOf(
  { registryPorts, listen }: Config,
  { leads }: Duties,
  composition: BegunComposition,
): RegistryPortListeners | undefined {
  if (registryPorts === undefined) {
    return undefined;
  }
  const hosts = [...new Set(listen.map(({ host }) => host))];
  return new RegistryPortListeners({ range: registryPorts, hosts, composition, leads });
}
