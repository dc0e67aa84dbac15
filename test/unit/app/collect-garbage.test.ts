import assert from "node:assert/strict";
import { changeRegistry } from "../../../provider/server/src/app/change-registry.ts";
import { collectGarbage } from "../../../provider/server/src/app/collect-garbage.ts";
import { createRegistry } from "../../../provider/server/src/app/create-registry.ts";
import { getRegistry } from "../../../provider/server/src/app/get-registry.ts";
import { startCollection } from "../../../provider/server/src/app/start-collection.ts";
import type { RegistryId } from "../../../provider/server/src/domain/ids.ts";
import { BLOB_INLINE_BYTES_MAX } from "../../../provider/server/src/domain/limits.ts";
import { replacing } from "../../../provider/server/src/domain/replacing.ts";
import { type Application, startApplication } from "../../support/application.ts";
import { collect } from "../../support/collect.ts";
import { someContent } from "../../support/content.ts";
import { ContentInProcess } from "../../support/content-in-process.ts";
import { registryDraft } from "./drafts.ts";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

describe("collecting garbage", () => {
  let application: Application;
  let registryId: RegistryId;
  let content: ContentInProcess;

  beforeEach(async () => {
    application = await startApplication();
    const { context, owner } = application;
    registryId = (await createRegistry(context, owner, registryDraft())).registry.id;
    content = new ContentInProcess(context, owner, "shop");
  });
  afterEach(() => application.close());

  const ask = (isDryRun = false) =>
    startCollection(application.context, application.owner, registryId, isDryRun);
  const collectNow = async (isDryRun = false) => {
    const { id } = await ask(isDryRun);
    await collectGarbage(application.context);
    const run = await application.context.metadata.collections.find(registryId, id);
    assert.equal(run?.phase, "succeeded");
    return { blobs: run.blobs, bytes: run.bytes };
  };
  const report = () => getRegistry(application.context, application.owner, registryId);
  const objects = async () => (await collect(application.context.blobs.keys(registryId))).length;

  it("frees what was uploaded for nothing, once the grace period is over, wherever its bytes are", async () => {
    const { clock } = application;
    const small = someContent();
    const large = someContent(BLOB_INLINE_BYTES_MAX + 1);
    const digest = await content.pushBlob("app", large);
    await content.pushBlob("app", small);
    clock.advance(HOUR);
    assert.deepEqual(await collectNow(), { blobs: 0, bytes: 0 });
    clock.advance(1);
    const all = { blobs: 2, bytes: large.byteLength + small.byteLength };
    assert.deepEqual(await collectNow(true), all);
    assert.equal(await objects(), 1);
    assert.equal(await content.hasBlob("app", digest), true);
    clock.advance(HOUR + 1);
    assert.deepEqual(await collectNow(), all);
    assert.equal(await objects(), 0);
    assert.equal((await report()).usage.bytes, 0);
    assert.equal(await content.hasBlob("app", digest), false);
  });

  it("keeps what a client was just told of, and frees it when nothing came of it", async () => {
    const { clock } = application;
    const layer = someContent();
    const digest = await content.pushBlob("app", layer);
    clock.advance(HOUR + 1);
    assert.equal(await content.hasBlob("app", digest), true);
    assert.equal((await collectNow()).blobs, 0);
    assert.ok((await content.pushImage("app", "1", [layer])) !== undefined);
    clock.advance(HOUR + 1);
    assert.equal((await collectNow()).blobs, 0);
    assert.equal(await content.delete("app", "1"), true);
    assert.equal((await collectNow()).blobs, 0, "untagged manifests stay");
  });

  it("lets an upload go on through a run, and keeps what its client relies on", async () => {
    const { clock } = application;
    const base = someContent();
    await content.pushBlob("app", base);
    const upload = await content.startUpload("app");
    clock.advance(10 * HOUR);
    assert.equal((await collectNow()).blobs, 0);
    const layer = someContent();
    await content.finishUpload("app", upload, layer);
    assert.ok((await content.pushImage("app", "1", [base, layer])) !== undefined);
  });

  it("keeps what only a child of an index refers to", async () => {
    const { clock } = application;
    const layer = someContent();
    const digest = await content.pushBlob("app", layer);
    const child = await content.pushImage("app", "child", [layer]);
    assert.ok(child !== undefined);
    assert.ok((await content.pushIndex("app", "index", child)) !== undefined);
    await content.delete("app", "child");
    clock.advance(HOUR + 1);
    assert.equal((await collectNow()).blobs, 0);
    assert.deepEqual(await content.readBlob("app", digest), layer);
  });

  it("runs each slot once, and one that was missed if it is less than a day old", async () => {
    const { context, owner, clock } = application;
    const schedule = { days: ["Monday", "Tuesday"], time: "03:30:00Z" } as const;
    await changeRegistry(context, owner, registryId, { schedule }, undefined);
    const runs = async () => (await context.metadata.collections.list(registryId, 100)).length;
    // The clock starts on Tuesday, 2030-01-01, at midnight.
    const until = (days: number, hours: number) => {
      clock.advance(Date.UTC(2030, 0, 1) + days * DAY + hours * HOUR - clock.now());
      return collectGarbage(context);
    };
    await until(0, 3);
    assert.equal(await runs(), 0);
    for (let times = 0; times < 3; times++) {
      await until(0, 3.5 + times);
      assert.equal(await runs(), 1);
    }
    const { collection } = await report();
    assert.equal(collection.last?.phase, "succeeded");
    assert.equal(collection.last?.trigger, "schedule");
    assert.equal(collection.nextAt, Date.UTC(2030, 0, 7, 3, 30));
    // Down over both slots of the next week: the later of them is made up for.
    await until(8, 3);
    assert.equal(await runs(), 2);
    await until(8, 3.5);
    assert.equal(await runs(), 2);
    await until(14, 3.5);
    assert.equal(await runs(), 3);
    await until(22, 3.51);
    assert.equal(await runs(), 3, "a slot that is more than a day old is not made up for");
    await until(29, 3.49);
    assert.equal(await runs(), 4, "the next one is");
  });

  it("runs a slot once, however many processes find it due", async () => {
    const { context, owner, clock } = application;
    const schedule = { days: ["Tuesday"], time: "01:00" } as const;
    await changeRegistry(context, owner, registryId, { schedule }, undefined);
    clock.advance(HOUR);
    await Promise.all(Array.from({ length: 5 }, () => collectGarbage(context)));
    const runs = await context.metadata.collections.list(registryId, 100);
    assert.equal(runs.length, 1);
  });

  it("makes pushes and deletes wait while a registry is read-only, and pulls not", async () => {
    const { context, clock, owner } = application;
    const layer = someContent();
    const digest = await content.pushBlob("app", layer);
    const upload = await content.startUpload("app");
    await context.metadata.garbage.holdReadOnly(registryId, clock.now() + 1000);
    assert.equal((await report()).state, "GarbageCollection");
    const refused = { reason: "service-unavailable" };
    await assert.rejects(content.pushImage("app", "1", [layer]), refused);
    await assert.rejects(content.delete("app", "1"), refused);
    await assert.rejects(content.mount("app", "other", digest), refused);
    await assert.rejects(content.startUpload("app"), refused);
    await assert.rejects(content.finishUpload("app", upload, layer), refused);
    assert.deepEqual(await content.readBlob("app", digest), layer);
    const patient = new ContentInProcess(
      { ...context, settings: { ...context.settings, readOnlyWaitMilliseconds: 60_000 } },
      owner,
      "shop",
    );
    const pushing = patient.pushImage("app", "1", [layer]);
    await context.metadata.garbage.holdReadOnly(registryId, undefined);
    assert.ok((await pushing) !== undefined);
    assert.equal((await report()).state, "Running");
  });

  it("leaves no registry read-only when its process dies", async () => {
    const { context, clock } = application;
    const layer = someContent();
    await content.pushBlob("app", layer);
    await ask();
    const failure = new Error("the process died");
    const collections = replacing(context.metadata.collections, {
      endMarking: () => Promise.reject(failure),
      finish: () => Promise.reject(failure),
    });
    const metadata = replacing(context.metadata, { collections });
    await assert.rejects(collectGarbage({ ...context, metadata }), failure);
    assert.equal((await report()).state, "GarbageCollection");
    clock.advance(10_000);
    assert.equal((await report()).state, "Running");
    assert.ok((await content.pushImage("app", "1", [layer])) !== undefined);
    await collectGarbage(context);
    assert.equal((await report()).collection.last?.phase, "succeeded");
  });

  it("says of a run that fails that it has failed, and takes up what it left", async () => {
    const { context, clock, events } = application;
    await content.pushBlob("app", someContent(BLOB_INLINE_BYTES_MAX + 1));
    clock.advance(HOUR + 1);
    await ask();
    const broken = replacing(context.blobs, {
      remove: () => Promise.reject(new Error("the disk is gone")),
    });
    await collectGarbage({ ...context, blobs: broken });
    assert.equal((await report()).collection.last?.phase, "failed");
    assert.equal(events.named("garbage-collection-failed").length, 1);
    assert.equal(await objects(), 1);
    await collectNow();
    assert.equal(await objects(), 0);
  });
});
