import assert from "node:assert/strict";
import { SqliteMetadataStore } from "../../../provider/server/src/adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { JOB_LEASE_MILLISECONDS } from "../../../provider/server/src/domain/limits.ts";
import { type Job, repeatUnderLease } from "../../../provider/server/src/jobs/leased-job.ts";
import { eventually } from "../../support/eventually.ts";
import { MovedTime } from "../../support/moved-time.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";

const INTERVAL = 3 * JOB_LEASE_MILLISECONDS;

describe("a background job", () => {
  let metadata: SqliteMetadataStore;
  let time: MovedTime;
  let events: RecordedEvents;
  let stopping: AbortController;
  let loops: Promise<void>[];
  beforeEach(async () => {
    metadata = await SqliteMetadataStore.open(":memory:");
    await metadata.migrate();
    time = new MovedTime();
    events = new RecordedEvents();
    stopping = new AbortController();
    loops = [];
  });
  afterEach(async () => {
    stopping.abort();
    await Promise.all(loops);
    await metadata.close();
  });

  /** Starts the loop of one process. */
  const start = (holder: string, run: Job["run"], signal = stopping.signal) => {
    const { wait } = time;
    const job = { name: "job", intervalMilliseconds: INTERVAL, run };
    const loop = repeatUnderLease({ metadata, clock: time, events, holder, wait }, job, signal);
    loops.push(loop);
    return loop;
  };
  const waits = (count: number) =>
    eventually(`${count} waits`, async () => (time.waits === count ? true : undefined));
  /** A run that goes on until it is let go or aborted. */
  const longRun = () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<AbortSignal>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const run: Job["run"] = async (signal) => {
      begin(signal);
      signal.addEventListener("abort", () => release());
      await released;
      return { done: 1 };
    };
    return { begun, release, run };
  };

  it("runs at once and then at its interval, and says what it did", async () => {
    let runs = 0;
    void start("a", async () => ({ things: ++runs }));
    for (const expected of [1, 2, 3]) {
      await waits(1);
      assert.equal(runs, expected);
      time.advance(INTERVAL - 1);
      assert.equal(time.waits, 1);
      time.advance(1);
    }
    await waits(1);
    assert.deepEqual(
      events.named("job-done").map(({ fields }) => fields),
      [1, 2, 3, 4].map((things) => ({ job: "job", things, milliseconds: 0 })),
    );
  });

  it("goes on after a run that failed, and logs it whole", async () => {
    const failure = new Error("no luck");
    let runs = 0;
    void start("a", async () => {
      runs += 1;
      throw failure;
    });
    await waits(1);
    time.advance(INTERVAL);
    await waits(1);
    assert.equal(runs, 2);
    assert.deepEqual(
      events.named("job-failed").map(({ error }) => error),
      [failure, failure],
    );
  });

  it("is run by one of two processes, once an interval", async () => {
    const runs: string[] = [];
    for (const holder of ["a", "b"]) {
      void start(holder, async () => {
        runs.push(holder);
        return {};
      });
    }
    await waits(2);
    assert.equal(runs.length, 1);
    time.advance(INTERVAL / 2);
    time.advance(INTERVAL / 2);
    await waits(2);
    assert.equal(runs.length, 2);
  });

  it("is never run twice at once, however long a run takes", async () => {
    const { begun, release, run } = longRun();
    void start("a", run);
    await begun;
    let others = 0;
    void start("b", async () => ({ others: ++others }));
    for (let passed = 0; passed < 3 * INTERVAL; passed += JOB_LEASE_MILLISECONDS / 3) {
      await waits(2);
      time.advance(JOB_LEASE_MILLISECONDS / 3);
    }
    await waits(2);
    assert.equal(others, 0);
    release();
  });

  it("is taken over once the process that ran it is gone", async () => {
    const gone = new AbortController();
    await metadata.instance.lease("job", "a process that died", time.now(), time.now() + INTERVAL);
    let runs = 0;
    void start("b", async () => ({ runs: ++runs }), gone.signal);
    await waits(1);
    assert.equal(runs, 0);
    time.advance(INTERVAL);
    await waits(1);
    assert.equal(runs, 1);
    gone.abort();
  });

  it("is cut short when its lease is lost", async () => {
    const { begun, run } = longRun();
    void start("a", run);
    const signal = await begun;
    await waits(1);
    await metadata.instance.release("job", "a");
    await metadata.instance.lease("job", "b", time.now(), time.now() + 10 * INTERVAL);
    time.advance(JOB_LEASE_MILLISECONDS / 3);
    await eventually("the run to be cut short", async () => (signal.aborted ? true : undefined));
    await waits(1);
    assert.equal(events.named("job-lease-lost").length, 1);
  });

  it("stops when told to, waits for the run under way, and gives the lease back", async () => {
    const { begun, run } = longRun();
    const loop = start("a", run);
    const signal = await begun;
    stopping.abort();
    await loop;
    assert.equal(signal.aborted, true);
    assert.equal(time.waits, 0);
    const now = time.now();
    assert.equal(await metadata.instance.lease("job", "b", now, now + 1), true);
  });
});
