import type { Context } from "../app/context.ts";
import type { Job } from "./leased-job.ts";

type Parts = Pick<Context, "meter" | "clock">;

/** The job, with each of its runs measured; the same one where nobody watches. */
export function measured({ meter, clock }: Parts, job: Job): Job {
  if (meter === undefined) {
    return job;
  }
  const labels = { job: job.name };
  const succeeded = meter.counter("moorage_job_runs_total", { ...labels, outcome: "succeeded" });
  const failed = meter.counter("moorage_job_runs_total", { ...labels, outcome: "failed" });
  const lastSuccess = meter.gauge("moorage_job_last_success_timestamp_seconds", labels);
  const duration = meter.gauge("moorage_job_last_run_duration_seconds", labels);
  const lag = meter.gauge("moorage_job_lag_seconds", labels);
  let endedAt: number | undefined;
  return {
    ...job,
    async run(signal) {
      const startedAt = clock.now();
      lag.set(lagSeconds(startedAt, endedAt, job.intervalMilliseconds));
      try {
        const counts = await job.run(signal);
        succeeded.add();
        lastSuccess.set(clock.now() / 1000);
        return counts;
      } catch (error) {
        failed.add();
        throw error;
      } finally {
        endedAt = clock.now();
        duration.set((endedAt - startedAt) / 1000);
      }
    },
  };
}

/** A run is due an interval after the one before has ended. */
function lagSeconds(startedAt: number, endedAt: number | undefined, interval: number): number {
  return endedAt === undefined ? 0 : Math.max(startedAt - endedAt - interval, 0) / 1000;
}
