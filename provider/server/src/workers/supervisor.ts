import { createServer } from "node:net";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { Writer } from "../compose/writer.ts";
import type { SharedMemory } from "../compose.ts";
import type { ListenAddress } from "../config/network.ts";
import type { Config } from "../config.ts";
import {
  SHUTDOWN_DRAIN_MILLISECONDS,
  TALLY_MEMORY_BYTES,
  WORKER_RESTART_MILLISECONDS,
  WORKER_STOP_GRACE_MILLISECONDS,
} from "../domain/limits.ts";
import type { Duties, Serving } from "./serve.ts";
import { READY, STOP, type WorkerOrder } from "./worker-thread.ts";
import type { WorkersMetrics } from "./workers-metrics.ts";

/*
 * Workers are threads of one process, each with an event loop, a listening socket and a database connection of its own. The kernel deals
 * connections out to the sockets (SO_REUSEPORT). This thread answers no requests; it writes to the database for all (`adapters/metadata-relayed`):
 *
 *   start:   nobody else may listen there (a shared port would not tell) → all workers; one that fails: the start fails
 *   running: a worker that dies (a fault of ours) is reported and replaced; the others go on. The new one has its duties
 *   stop:    every worker stops in order; one that hangs is ended
 *
 * A fault that kills the process itself takes all workers; whoever runs the server starts it again, and what was acknowledged is there.
 */

/** Starts `config.workers` workers. `entry` is the program that their threads run. */
export async function startWorkers(
  config: Config,
  entry: string,
  metrics?: WorkersMetrics,
): Promise<Serving> {
  await expectFree(config.listen);
  const crew = new Crew(config, entry, metrics);
  await Promise.all(
    Array.from({ length: config.workers }, (_, index) => crew.start({ leads: index === 0, index })),
  );
  return crew;
}

/** What a worker is among the others; whoever replaces it is the same. */
type Place = Pick<Duties, "leads" | "index">;

class Crew implements Serving {
  readonly #config: Config;
  readonly #entry: string;
  readonly #metrics: WorkersMetrics | undefined;
  readonly #shared = {
    commits: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    tally: new SharedArrayBuffer(TALLY_MEMORY_BYTES),
  };
  readonly #workers = new Set<Worker>();
  #writer: Promise<Writer> | undefined;
  #isStopping = false;

  constructor(config: Config, entry: string, metrics: WorkersMetrics | undefined) {
    this.#config = config;
    this.#entry = entry;
    this.#metrics = metrics;
  }

  /** Resolves when the worker answers requests. */
  async start(place: Place): Promise<void> {
    const metricPage = this.#metrics?.pages[place.index];
    const { port1: ours, port2: writer } = new MessageChannel();
    const shared: SharedMemory = { ...this.#shared, writer, ...(metricPage && { metricPage }) };
    const duties = { sharesPorts: true, ...place, shared };
    const order: WorkerOrder = { config: this.#config, duties };
    const worker = new Worker(this.#entry, { workerData: order, transferList: [writer] });
    this.#workers.add(worker);
    const started = Promise.withResolvers<void>();
    let isReady = false;
    let failure: unknown;
    worker.once("message", (message) => {
      isReady = message === READY;
      started.resolve();
    });
    worker.once("error", (error) => {
      failure = error;
    });
    worker.once("exit", () => {
      this.#workers.delete(worker);
      ours.close();
      started.reject(failure ?? new Error("a worker ended before it was ready"));
      if (isReady && !this.#isStopping) {
        this.#replace(place, failure);
      }
    });
    await started.promise;
    await this.#writeFor(ours);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(Array.from(this.#workers, stopWorker));
    const writer = await this.#writer?.catch(() => {});
    await writer?.close();
  }

  /** Only now is the database there, and what it takes to write to it is loaded while requests are answered already. */
  async #writeFor(port: MessagePort): Promise<void> {
    this.#writer ??= openWriter(this.#config, this.#shared.commits, this.#metrics);
    try {
      (await this.#writer).answer(port);
    } catch (error) {
      report("the database cannot be written to from one place, so each worker writes", error);
      port.close();
    }
  }

  #replace(place: Place, failure: unknown): void {
    this.#metrics?.deaths.add();
    report("a worker died and is replaced", failure);
    setTimeout(() => {
      if (!this.#isStopping) {
        this.start(place).catch((error: unknown) => this.#replace(place, error));
      }
    }, WORKER_RESTART_MILLISECONDS);
  }
}

function stopWorker(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    const millisecondsMax = SHUTDOWN_DRAIN_MILLISECONDS + WORKER_STOP_GRACE_MILLISECONDS;
    const deadline = setTimeout(() => {
      worker.terminate().catch(() => {});
    }, millisecondsMax);
    worker.once("exit", () => {
      clearTimeout(deadline);
      resolve();
    });
    worker.postMessage(STOP);
  });
}

async function openWriter(
  config: Config,
  commits: Int32Array,
  metrics: WorkersMetrics | undefined,
): Promise<Writer> {
  const { openWriter: open } = await import("../compose/writer.ts");
  return open(config, commits, metrics?.meter);
}

/** @throws the listener's error, `EADDRINUSE` for example */
async function expectFree(addresses: readonly ListenAddress[]): Promise<void> {
  for (const { host, port } of addresses) {
    await new Promise<void>((resolve, reject) => {
      const probe = createServer();
      probe.once("error", reject);
      probe.listen({ host, port }, () => probe.close(() => resolve()));
    });
  }
}

/** The log belongs to the workers, of whom none may be left: this goes where a failed start goes. */
function report(what: string, failure: unknown): void {
  const why = failure instanceof Error ? failure.stack : String(failure);
  process.stderr.write(`moorage: ${what}: ${why}\n`);
}
