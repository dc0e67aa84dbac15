import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const READY_SECONDS_MAX = 30;
const POLL_MILLISECONDS = 5;
const LOG_CHARACTERS_MAX = 10_000;

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Answers with a status below 500 once the server is ready. */
  readonly readyUrl: string;
}

/** A server that the harness runs. */
export interface ServerProcess {
  readonly pid: number | undefined;
  readonly startSeconds: number;
  stop(): Promise<void>;
}

export async function startServer(server: ServerCommand): Promise<ServerProcess> {
  const startedAt = performance.now();
  const child = spawn(server.command, server.args, {
    cwd: server.folder,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...server.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-LOG_CHARACTERS_MAX);
    });
  }
  const failed = once(child, "error").then(([error]) => Promise.reject(error));
  await Promise.race([failed, untilReady(child, server.readyUrl, startedAt, () => log)]);
  const startSeconds = (performance.now() - startedAt) / 1000;
  return { pid: child.pid, startSeconds, stop: () => stop(child) };
}

async function untilReady(
  child: ChildProcess,
  url: string,
  startedAt: number,
  log: () => string,
): Promise<void> {
  while (performance.now() - startedAt < READY_SECONDS_MAX * 1000) {
    if (child.exitCode !== null) {
      throw new Error(`the server ended with ${child.exitCode}:\n${log()}`);
    }
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer !== undefined && answer.status < 500) {
      return;
    }
    await setTimeout(POLL_MILLISECONDS);
  }
  child.kill("SIGKILL");
  throw new Error(`the server was not ready within ${READY_SECONDS_MAX} seconds:\n${log()}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }
}

/** A directory that is gone after `remove`. */
export async function temporaryDirectory() {
  const path = await mkdtemp(join(tmpdir(), "moorage-bench-"));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") {
    throw new Error("the listener has no port");
  }
  return address.port;
}
