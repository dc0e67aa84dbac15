import assert from "node:assert/strict";
import { Exposition } from "../../../provider/server/src/adapters/meter-shared/exposition.ts";
import { SharedMeter } from "../../../provider/server/src/adapters/meter-shared/shared-meter.ts";
import { METRIC_PAGE_BYTES } from "../../../provider/server/src/domain/limits.ts";
import { measured } from "../../../provider/server/src/jobs/measured-job.ts";
import { FixedClock } from "../../support/fixed-clock.ts";
import { samplesIn, sumOf } from "../../support/prometheus-text.ts";

const INTERVAL = 60_000;

describe("a background job that is watched", () => {
  let page: SharedArrayBuffer;
  let clock: FixedClock;

  beforeEach(() => {
    page = new SharedArrayBuffer(METRIC_PAGE_BYTES);
    clock = new FixedClock();
  });

  const jobOf = (run: () => Promise<Record<string, number>>) =>
    measured(
      { meter: new SharedMeter(page), clock },
      { name: "sweep", intervalMilliseconds: INTERVAL, run },
    );
  const value = async (name: string, labels: Record<string, string> = {}) => {
    const text = await (await Exposition.of([page])).text();
    return sumOf(samplesIn(text), name, { job: "sweep", ...labels });
  };
  const never = new AbortController().signal;

  it("tells how often it ran, how long it took, and when it last ended well", async () => {
    const job = jobOf(async () => {
      clock.advance(1500);
      return { done: 1 };
    });
    assert.deepEqual(await job.run(never), { done: 1 });
    assert.equal(await value("moorage_job_runs_total", { outcome: "succeeded" }), 1);
    assert.equal(await value("moorage_job_last_run_duration_seconds"), 1.5);
    assert.equal(await value("moorage_job_last_success_timestamp_seconds"), clock.now() / 1000);
    assert.equal(await value("moorage_job_lag_seconds"), 0);
  });

  it("tells by how much it was late", async () => {
    const job = jobOf(async () => ({}));
    await job.run(never);
    clock.advance(INTERVAL + 7000);
    await job.run(never);
    assert.equal(await value("moorage_job_lag_seconds"), 7);
    clock.advance(INTERVAL);
    await job.run(never);
    assert.equal(await value("moorage_job_lag_seconds"), 0);
  });

  it("tells that it failed, and fails all the same", async () => {
    const failure = new Error("for a test");
    const job = jobOf(() => Promise.reject(failure));
    await assert.rejects(job.run(never), failure);
    assert.equal(await value("moorage_job_runs_total", { outcome: "failed" }), 1);
    assert.equal(await value("moorage_job_last_success_timestamp_seconds"), 0);
  });

  it("is left as it is where nobody watches", () => {
    const job = { name: "sweep", intervalMilliseconds: INTERVAL, run: async () => ({}) };
    assert.equal(measured({ clock }, job), job);
  });
});
