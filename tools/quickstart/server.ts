import { spawn } from "node:child_process";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { Progress } from "../obtain/progress.ts";
import { Problem } from "../problem.ts";
import { REPOSITORY, shown } from "../repository.ts";
import { findRunning, writePidFile } from "./pid-file.ts";
import { poll } from "./poll.ts";
import { probe } from "./probe.ts";
import type { Settings } from "./settings.ts";

const START_MILLISECONDS_MAX = 60_000;
const STOP_MILLISECONDS_MAX = 30_000;
const LOG_LINES_SHOWN = 10;
const MAIN = path.join(REPOSITORY, "provider", "server", "src", "main.ts");

/** Makes sure that a server answers: starts one in the background if none does. */
export async function ensureServer(settings: Settings, progress: Progress): Promise<void> {
  const { endpoint, isForeign } = settings;
  const presence = await probe(endpoint);
  if (presence === "ready") {
    progress(`The server answers at ${endpoint}`);
    return;
  }
  if (isForeign) {
    throw new Problem(`no Moorage server is ready at ${endpoint}, which MOORAGE_ENDPOINT names`);
  }
  if (presence === "foreign") {
    throw new Problem(
      `what answers at ${endpoint} is not Moorage: stop it, or set MOORAGE_LISTEN to another address, for example 127.0.0.1:5050`,
    );
  }
  await refuseSecondServer(settings);
  if (presence === "absent") await startServer(settings, progress);
  else await waitUntilReady(settings, () => false);
}

/** Stops the server if it was started from here. */
export async function stopServer(settings: Settings, progress: Progress): Promise<void> {
  const server = await findRunning(settings.pidFile);
  if (server) {
    progress(`Stopping the server (process ${server.pid})`);
    process.kill(server.pid, "SIGTERM");
    const isGone = async () => ((await findRunning(settings.pidFile)) ? undefined : true);
    if (!(await poll(isGone, STOP_MILLISECONDS_MAX))) {
      progress("  it does not stop in order; ending it");
      // It was started as the leader of a process group: this reaches its workers, too.
      process.kill(-server.pid, "SIGKILL");
      await poll(isGone, STOP_MILLISECONDS_MAX);
    }
  } else {
    progress("No server that was started from here is running");
  }
  await rm(settings.pidFile, { force: true });
}

async function startServer(settings: Settings, progress: Progress): Promise<void> {
  progress(`Starting the server at ${settings.endpoint}. Log: ${shown(settings.logFile)}`);
  await mkdir(settings.dataFolder, { recursive: true, mode: 0o700 });
  const log = await open(settings.logFile, "a", 0o600);
  const child = spawn(process.execPath, ["--conditions=@moorage/source", MAIN], {
    cwd: REPOSITORY,
    env: { ...process.env, MOORAGE_DATA_DIR: settings.dataFolder },
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  await log.close();
  if (child.pid !== undefined) {
    await writePidFile(settings.pidFile, child.pid, settings.endpoint);
  }
  await waitUntilReady(settings, () => child.exitCode !== null || child.signalCode !== null);
  child.unref();
}

async function waitUntilReady(settings: Settings, hasEnded: () => boolean): Promise<void> {
  const outcome = await poll(async () => {
    if (hasEnded()) return "ended";
    return (await probe(settings.endpoint)) === "ready" ? "ready" : undefined;
  }, START_MILLISECONDS_MAX);
  if (outcome === "ready") return;
  const what = outcome === "ended" ? "the server ended" : "the server does not become ready";
  throw new Problem(
    `${what}; its log, ${shown(settings.logFile)}, ends with\n${await logEnd(settings)}`,
  );
}

/** Two servers must not share a data directory. */
async function refuseSecondServer(settings: Settings): Promise<void> {
  const running = await findRunning(settings.pidFile);
  if (!running || running.endpoint === settings.endpoint) return;
  throw new Problem(
    `the server of ${shown(settings.dataFolder)} runs at ${running.endpoint} (process ${running.pid}): stop it with \`npm run down\`, or set MOORAGE_LISTEN to that address`,
  );
}

async function logEnd(settings: Settings): Promise<string> {
  const text = await readFile(settings.logFile, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-LOG_LINES_SHOWN).join("\n");
}
