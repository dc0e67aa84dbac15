import assert from "node:assert/strict";
import { MemoryObjectStore } from "../../provider/server/src/adapters/blob-memory/memory-object-store.ts";
import { SealedBlobStore } from "../../provider/server/src/adapters/blob-sealed/sealed-blob-store.ts";
import { collectGarbage } from "../../provider/server/src/app/collect-garbage.ts";
import { createRegistry } from "../../provider/server/src/app/create-registry.ts";
import { startCollection } from "../../provider/server/src/app/start-collection.ts";
import {
  BLOB_INLINE_BYTES_MAX,
  READ_ONLY_HOLD_MILLISECONDS,
} from "../../provider/server/src/domain/limits.ts";
import { startApplication } from "../support/application.ts";
import { collect } from "../support/collect.ts";
import { someContent } from "../support/content.ts";
import { ContentInProcess } from "../support/content-in-process.ts";
import { type FailureKind, FailurePlan, failingPorts } from "../support/failing-ports.ts";
import { registryDraft } from "../unit/app/drafts.ts";

const GRACE = 60 * 60_000;
const CALLS_MAX = 100;

describe("a garbage collection that dies", function () {
  this.timeout(60_000);

  for (const kind of ["before", "after"] satisfies FailureKind[]) {
    it(`at any step, ${kind} the step's work, is gone on with and loses nothing`, async () => {
      let failAt = 0;
      while (await diesAndGoesOn(failAt, kind)) {
        failAt++;
        assert.ok(failAt < CALLS_MAX, "the collector makes more and more calls");
      }
      assert.ok(failAt > 10, `it died at ${failAt} steps only`);
    });
  }
});

/**
 * Lets the call of that number fail, and all that come after it, as after the death of the process; then starts it again. `false`: the run
 * had no such call.
 */
async function diesAndGoesOn(failAt: number, kind: FailureKind): Promise<boolean> {
  const application = await startApplication();
  const { owner, clock } = application;
  const objects = new MemoryObjectStore();
  const context = {
    ...application.context,
    blobs: new SealedBlobStore(objects, application.context.keys),
  };
  try {
    const { registry } = await createRegistry(context, owner, registryDraft());
    const content = new ContentInProcess(context, owner, registry.name);
    const kept = [someContent(), someContent(BLOB_INLINE_BYTES_MAX + 1)];
    const garbage = [someContent(), someContent(BLOB_INLINE_BYTES_MAX + 1)];
    for (const bytes of [...kept, ...garbage]) {
      await content.pushBlob("app", bytes);
    }
    assert.ok((await content.pushImage("app", "1", kept)) !== undefined);
    clock.advance(GRACE + 1);
    const promised = someContent();
    await content.pushBlob("app", promised);
    const upload = await content.startUpload("app");
    const run = await startCollection(context, owner, registry.id, false);

    const plan = new FailurePlan();
    const dying = { ...failingPorts(context, objects, plan), clock };
    plan.armForGood(failAt, kind);
    const death = await collectGarbage(dying).then(
      () => undefined,
      (error: unknown) => error,
    );
    const step = plan.failed;
    const what = step ?? "no step";
    assert.equal(death !== undefined, step !== undefined, what);
    plan.disarm();
    clock.advance(READ_ONLY_HOLD_MILLISECONDS);
    assert.ok((await content.pushImage("app", "2", [promised])) !== undefined);
    await content.finishUpload("app", upload, someContent());

    await collectGarbage(context);
    const ended = await context.metadata.collections.find(registry.id, run.id);
    assert.equal(ended?.phase, "succeeded", what);
    assert.equal(ended.blobs, garbage.length);
    assert.equal(ended.bytes, Buffer.concat(garbage).byteLength, what);
    assert.ok((await content.pushImage("app", "3", [...kept, promised])) !== undefined);
    assert.equal((await collect(context.blobs.keys(registry.id))).length, 1);
    return step !== undefined;
  } finally {
    await application.close();
  }
}
