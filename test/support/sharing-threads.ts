// A program whose threads write numbered lines of very different lengths to standard output, and end in order or die:
// `node sharing-threads.ts <threads> <lines> close|die`.
import { isMainThread, threadId, Worker, workerData } from "node:worker_threads";
import { SharedOutput } from "../../provider/server/src/adapters/event-log/shared-output.ts";

if (isMainThread) {
  const [threads, lines, end] = process.argv.slice(2);
  for (let index = 0; index < Number(threads); index++) {
    new Worker(import.meta.filename, { workerData: { lines: Number(lines), end } });
  }
} else {
  const output = new SharedOutput(1);
  for (let line = 0; line < workerData.lines; line++) {
    const text = "é".repeat((line * 37) % 400);
    output.write(`${JSON.stringify({ threadId, line, text })}\n`);
    if (line % 500 === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  if (workerData.end === "die") {
    process.exit(0);
  }
  await output.close();
}
