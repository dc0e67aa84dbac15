import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { WORKERS_MAX } from "../domain/limits.ts";

/**
 * What has to be in the environment before the process starts, because the C library and Node's thread pool read it once.
 *
 * Content passes through in buffers of 256 KiB and more. By default glibc gets each of them from the kernel and gives it back, so that
 * every block of a blob costs page faults; with these thresholds it keeps them. Other C libraries ignore the names.
 *
 * What it keeps, it keeps for each arena, and threads spread over as many as eight for each core: one for each worker bounds that.
 */
const TUNING = {
  MALLOC_MMAP_THRESHOLD_: String(32 * 1024 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(256 * 1024 * 1024),
} as const;

/** The folder beside a bundle that holds its compiled code; `build.ts` fills it. */
export const COMPILE_CACHE = "compile-cache";

/** A worker and the thread pool. */
const ARENAS_MIN = 2;

/** Threads for files and scrypt, for each worker: as many as Node gives a process. */
const POOL_THREADS_PER_WORKER = 4;

/**
 * Replaces this process by the same program, which lies in `folder`, with a tuned environment, unless it has one: then this returns,
 * and so it does where the system cannot replace a process. What is set already is left as it is.
 */
export function tuneProcess(folder: string): void {
  const compileCache = join(folder, COMPILE_CACHE);
  const workers = workersExpected();
  const wanted: NodeJS.ProcessEnv = {
    ...TUNING,
    MALLOC_ARENA_MAX: String(Math.max(ARENAS_MIN, workers)),
    UV_THREADPOOL_SIZE: String(POOL_THREADS_PER_WORKER * workers),
    ...(existsSync(compileCache) && { NODE_COMPILE_CACHE: compileCache }),
  };
  const isTuned = Object.keys(wanted).every((name) => process.env[name] !== undefined);
  // A channel to a parent process would not survive.
  if (isTuned || !isMainThread || process.execve === undefined || process.connected) {
    return;
  }
  const args = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, args, { ...wanted, ...process.env });
}

/** The settings are read later; what is wrong with them is told then. */
function workersExpected(): number {
  const workers = Number(process.env["MOORAGE_WORKERS"]);
  return workers >= 1 && workers <= WORKERS_MAX ? Math.floor(workers) : availableParallelism();
}
