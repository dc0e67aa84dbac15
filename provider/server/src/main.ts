#!/usr/bin/env -S node --conditions=@moorage/source
import { isMainThread } from "node:worker_threads";
import { tuneProcess } from "./workers/tuned-process.ts";

// The program of the process, with a command or as the server, and of each worker's thread. Nothing is loaded before it is clear that
// this process stays.
const commandLine = process.argv.slice(2);
if (!isMainThread) {
  const { runWorker } = await import("./workers/worker-thread.ts");
  await runWorker();
} else if (commandLine.length > 0 && commandLine.join(" ") !== "serve") {
  const { runCommand } = await import("./cli/run-command.ts");
  process.umask(0o077);
  process.exitCode = await runCommand(commandLine, {
    environment: process.env,
    print: (line) => process.stdout.write(`${line}\n`),
    note: (line) => process.stderr.write(`${line}\n`),
  });
} else {
  tuneProcess(import.meta.dirname);
  const { runServer } = await import("./workers/run-server.ts");
  await runServer(import.meta.filename);
}
