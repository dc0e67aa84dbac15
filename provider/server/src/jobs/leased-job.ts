import { setTimeout } from "node:timers/promises";
import type { Context } from "../app/context.ts";
import { JOB_LEASE_MILLISECONDS } from "../domain/limits.ts";

/*
 * Background work. Every process runs this loop for each job; a lease in the database settles which one of them does it:
 *
 *   loop: take the lease of the job, or wait an interval and try again
 *         run, and prolong the lease three times in its length; when that fails, somebody else has it: abort the run
 *         keep the lease for the rest of the interval, so that all processes together run the job once in it
 *   stop: abort the run, wait for it, give the lease back
 *
 * A process that dies loses its leases after `JOB_LEASE_MILLISECONDS`, or after the interval where that is longer, and others take over.
 * A run must therefore stand being repeated and being cut short anywhere.
 */

/** What a run did, for the log. */
export type JobCounts = Readonly<Record<string, number>>;

export interface Job {
  /** Names its lease, and it in the log. */
  readonly name: string;
  readonly intervalMilliseconds: number;
  /** Looks often and finds little: it shows in the log only when it has done something. */
  readonly isQuiet?: boolean;
  /** Ends early, without failing, when `signal` aborts. */
  run(signal: AbortSignal): Promise<JobCounts>;
}

export interface LoopParts extends Pick<Context, "metadata" | "clock" | "events"> {
  /** Tells this process from the others, and from itself before a restart. */
  readonly holder: string;
  /** Resolves after a time, or as soon as `signal` aborts. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Runs a job at its interval, the first time at once, until `signal` aborts and the run under way has ended. Never rejects. */
export async function repeatUnderLease(
  parts: LoopParts,
  job: Job,
  signal: AbortSignal,
): Promise<void> {
  await repeat({ wait, ...parts }, job, signal);
}

type Parts = Required<LoopParts>;

async function repeat(parts: Parts, job: Job, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await runUnderLease(parts, job, signal);
    } catch (error) {
      parts.events.error("job-failed", error, { job: job.name });
    }
    await parts.wait(job.intervalMilliseconds, signal);
  }
  try {
    await parts.metadata.instance.release(job.name, parts.holder);
  } catch (error) {
    parts.events.error("job-lease-left-behind", error, { job: job.name });
  }
}

async function runUnderLease(parts: Parts, job: Job, signal: AbortSignal): Promise<void> {
  if (!(await takeLease(parts, job))) {
    return;
  }
  const startedAt = parts.clock.now();
  const ended = new AbortController();
  const lost = new AbortController();
  const prolonging = prolong(parts, job, ended.signal, lost);
  try {
    const counts = await job.run(AbortSignal.any([signal, lost.signal]));
    if (!job.isQuiet || Object.values(counts).some((count) => count > 0)) {
      parts.events.info("job-done", {
        job: job.name,
        ...counts,
        milliseconds: parts.clock.now() - startedAt,
      });
    }
  } finally {
    ended.abort();
    await prolonging;
  }
}

/** Prolongs the lease until `ended`; aborts `lost` when it cannot be. */
async function prolong(
  parts: Parts,
  job: Job,
  ended: AbortSignal,
  lost: AbortController,
): Promise<void> {
  for (;;) {
    await parts.wait(JOB_LEASE_MILLISECONDS / 3, ended);
    if (ended.aborted) {
      return;
    }
    try {
      if (await takeLease(parts, job)) {
        continue;
      }
      parts.events.warn("job-lease-lost", { job: job.name });
    } catch (error) {
      parts.events.error("job-lease-lost", error, { job: job.name });
    }
    lost.abort();
    return;
  }
}

async function takeLease({ metadata, clock, holder }: Parts, job: Job): Promise<boolean> {
  const now = clock.now();
  const until = now + Math.max(job.intervalMilliseconds, JOB_LEASE_MILLISECONDS);
  return metadata.instance.lease(job.name, holder, now, until);
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal });
  } catch {
    // Aborted: the wait is over.
  }
}
