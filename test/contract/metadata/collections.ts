import assert from "node:assert/strict";
import { COLLECTION_RUNS_KEPT_MAX } from "../../../provider/server/src/domain/limits.ts";
import type { GarbageCollectionSchedule } from "../../../provider/server/src/domain/schedule.ts";
import {
  addRegistry,
  makeRegistry,
  NOW,
  newRunId,
  refusal,
  SIGNATURE,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

/** `NOW` is a Thursday, at noon. */
const SCHEDULE: GarbageCollectionSchedule = { days: ["Sunday", "Friday"], time: "03:30:00Z" };
const FRIDAY = Date.UTC(2026, 0, 16, 3, 30);
const SUNDAY = Date.UTC(2026, 0, 18, 3, 30);
const ALWAYS = Date.UTC(2100, 0, 1);

export function describeCollections(make: MakeMetadataStore): void {
  describe("garbage collections", () => {
    const test = useMetadataStore(make);

    const newRun = (isDryRun = false) => ({
      id: newRunId(),
      registryId: test.registry.id,
      isDryRun,
      startedAt: NOW,
    });
    const started = (run: ReturnType<typeof newRun>) => ({
      ...run,
      trigger: "request",
      phase: "marking",
      finishedAt: undefined,
      readOnlyMilliseconds: undefined,
      manifests: 0,
      blobs: 0,
      bytes: 0,
    });
    const setSchedule = async (schedule: GarbageCollectionSchedule | null, at = NOW) => {
      const { organizationId, id } = test.registry;
      const by = { ...SIGNATURE, at };
      await test.store.registries.update(organizationId, id, { schedule }, by);
    };

    it("are due when their slot has come", async () => {
      const { store } = test;
      const registry = await addRegistry(store, { schedule: SCHEDULE });
      assert.deepEqual(await store.collections.due(FRIDAY - 1, 10), []);
      assert.deepEqual(await store.collections.due(FRIDAY, 10), [
        { registryId: registry.id, schedule: SCHEDULE, slot: FRIDAY },
      ]);
    });

    it("are due by the schedule that was set last", async () => {
      const { store, registry } = test;
      const slots = async () => (await store.collections.due(ALWAYS, 10)).map(({ slot }) => slot);
      assert.deepEqual(await slots(), []);
      await setSchedule(SCHEDULE);
      assert.deepEqual(await slots(), [FRIDAY]);
      // Sent again as it is, after the slot and before the job: the slot stays due.
      await setSchedule(SCHEDULE, FRIDAY + 1);
      assert.deepEqual(await slots(), [FRIDAY]);
      await setSchedule({ ...SCHEDULE, days: ["Sunday"] }, FRIDAY + 1);
      assert.deepEqual(await slots(), [SUNDAY]);
      const { organizationId, id } = registry;
      await store.registries.update(organizationId, id, { isScanned: true }, SIGNATURE);
      assert.deepEqual(await slots(), [SUNDAY]);
      await setSchedule(null);
      assert.deepEqual(await slots(), []);
    });

    it("start once for a slot, however many try", async () => {
      const { store, second, registry } = test;
      await setSchedule(SCHEDULE);
      const [due] = await store.collections.due(FRIDAY, 1);
      assert.ok(due !== undefined);
      const taken = await Promise.all(
        [store, second, store, second].map(({ collections }) =>
          collections.takeSlot(due, SUNDAY, newRun()),
        ),
      );
      assert.equal(taken.filter(Boolean).length, 1);
      const runs = await store.collections.list(registry.id, 10);
      assert.deepEqual(
        runs.map(({ trigger }) => trigger),
        ["schedule"],
      );
      assert.deepEqual(await store.collections.due(SUNDAY - 1, 1), []);
      assert.equal((await store.collections.due(SUNDAY, 1)).length, 1);
    });

    it("do not start for a slot that was missed, or whose schedule has changed", async () => {
      const { store, registry } = test;
      await setSchedule(SCHEDULE);
      const [due] = await store.collections.due(FRIDAY, 1);
      assert.ok(due !== undefined);
      await setSchedule({ ...SCHEDULE, time: "05:00" });
      assert.equal(await store.collections.takeSlot(due, SUNDAY, newRun()), false);
      await setSchedule(SCHEDULE);
      assert.equal(await store.collections.takeSlot(due, SUNDAY, undefined), true);
      assert.deepEqual(await store.collections.list(registry.id, 10), []);
    });

    it("are asked for, and are one while they go on", async () => {
      const { store, second, registry } = test;
      const run = newRun();
      assert.deepEqual(await store.collections.start(run), started(run));
      assert.deepEqual(await second.collections.start(newRun()), started(run));
      const dry = newRun(true);
      assert.deepEqual(await store.collections.start(dry), started(dry));
      assert.deepEqual(await store.collections.unfinished(10), [started(run), started(dry)]);
      assert.deepEqual(await store.collections.list(registry.id, 10), [started(dry), started(run)]);
      assert.deepEqual(await store.collections.latest(registry.id), started(run));
      assert.deepEqual(await store.collections.find(registry.id, run.id), started(run));
      const elsewhere = await addRegistry(store);
      assert.equal(await store.collections.find(elsewhere.id, run.id), undefined);
      assert.deepEqual(await store.collections.list(elsewhere.id, 10), []);
      const gone = { ...newRun(), registryId: makeRegistry().id };
      await assert.rejects(store.collections.start(gone), refusal("registry-unknown"));
    });

    it("mark, delete and end, and their registry is writable again", async () => {
      const { store, registry } = test;
      const run = await store.collections.start(newRun());
      const hold = () => store.garbage.holdReadOnly(registry.id, NOW + 10);
      const find = () => store.collections.find(registry.id, run.id);
      await hold();
      await store.collections.endMarking(run, 7);
      const deleting = { ...run, phase: "deleting", readOnlyMilliseconds: 7 };
      assert.deepEqual(await find(), deleting);
      assert.equal(await store.garbage.readOnlyUntil(registry.id), undefined);
      await hold();
      await store.collections.finish(run, "succeeded", NOW + 20);
      await store.collections.finish(run, "failed", NOW + 30);
      assert.deepEqual(await find(), { ...deleting, phase: "succeeded", finishedAt: NOW + 20 });
      assert.equal(await store.garbage.readOnlyUntil(registry.id), undefined);
      assert.deepEqual(await store.collections.unfinished(10), []);
    });

    it("for show end with what they counted", async () => {
      const { store, registry } = test;
      const run = await store.collections.start(newRun(true));
      await store.collections.finish(run, "succeeded", NOW + 1, {
        manifests: 0,
        blobs: 2,
        bytes: 30,
      });
      assert.deepEqual(await store.collections.find(registry.id, run.id), {
        ...run,
        phase: "succeeded",
        finishedAt: NOW + 1,
        blobs: 2,
        bytes: 30,
      });
      assert.equal(await store.collections.latest(registry.id), undefined);
    });

    it("are kept up to a number, and those under way always", async () => {
      const { store, registry } = test;
      const early = await store.collections.start(newRun());
      for (let times = 0; times < COLLECTION_RUNS_KEPT_MAX + 3; times++) {
        const run = await store.collections.start(newRun(true));
        await store.collections.finish(run, "succeeded", NOW);
      }
      const kept = await store.collections.list(registry.id, 1000);
      assert.equal(kept.length, COLLECTION_RUNS_KEPT_MAX + 1);
      assert.deepEqual(kept.at(-1), early);
    });
  });
}
