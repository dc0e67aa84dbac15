import assert from "node:assert";
import { parentPort, workerData } from "node:worker_threads";
import type { Config } from "../config.ts";
import type { Duties } from "./serve.ts";

/** What the supervisor hands to a worker. */
export interface WorkerOrder {
  readonly config: Config;
  readonly duties: Duties;
}

/** What a worker says: once, when it answers requests. */
export const READY = "ready";
/** What the supervisor says: once. */
export const STOP = "stop";

/** The body of a worker's thread. It ends when the supervisor says so; a failure ends it too, and the supervisor learns of it. */
export async function runWorker(): Promise<void> {
  const port = parentPort;
  assert(port !== null, "a worker runs in a thread of its own");
  const { serve } = await import("./serve.ts");
  const { config, duties }: WorkerOrder = workerData;
  const serving = await serve(config, duties);
  port.once("message", () => {
    serving.stop().then(
      () => port.close(),
      (error: unknown) => {
        throw error;
      },
    );
  });
  port.postMessage(READY);
}
