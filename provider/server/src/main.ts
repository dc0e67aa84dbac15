import { isMainThread } from "node:worker_threads";
import { tuneProcess } from "./workers/tuned-process.ts";

// The program of the process and of each worker's thread. Nothing is loaded before it is clear that this process stays.
if (isMainThread) {
  tuneProcess(import.meta.dirname);
  const { runServer } = await import("./workers/run-server.ts");
  await runServer(import.meta.filename);
} else {
  const { runWorker } = await import("./workers/worker-thread.ts");
  await runWorker();
}
