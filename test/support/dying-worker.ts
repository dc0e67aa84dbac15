// What a worker's thread runs in the test of their supervisor: notes that it began, answers that it is ready, and dies in its first life.
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";

const lives = join(workerData.config.dataDir, "lives");
appendFileSync(lives, "x");
parentPort?.postMessage("ready");
parentPort?.once("message", () => parentPort?.close());
if (readFileSync(lives, "utf8") === "x") {
  setImmediate(() => {
    throw new Error("this worker dies for a test");
  });
}
