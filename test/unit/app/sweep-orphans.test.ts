import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { appendUpload } from "../../../provider/server/src/app/append-upload.ts";
import { createRegistry } from "../../../provider/server/src/app/create-registry.ts";
import { startUpload } from "../../../provider/server/src/app/start-upload.ts";
import { sweepOrphans } from "../../../provider/server/src/app/sweep-orphans.ts";
import { parseDigest } from "../../../provider/server/src/domain/digest.ts";
import type { RegistryId, StorageKey } from "../../../provider/server/src/domain/ids.ts";
import { ORPHAN_AGE_MILLISECONDS_MIN } from "../../../provider/server/src/domain/limits.ts";
import { type Application, startApplication } from "../../support/application.ts";
import { collect } from "../../support/collect.ts";
import { UNKNOWN_DIGEST } from "../../support/content.ts";
import { registryDraft } from "./drafts.ts";

const TARGET = { registry: "shop", repository: "team/app" };

describe("sweeping up bytes that no row names", () => {
  let application: Application;
  let registryId: RegistryId;

  beforeEach(async () => {
    application = await startApplication();
    const { context, owner } = application;
    registryId = (await createRegistry(context, owner, registryDraft())).registry.id;
  });
  afterEach(() => application.close());

  const keys = async () => (await collect(application.context.blobs.keys(registryId))).sort();
  const write = async (key: StorageKey) => {
    const appender = await application.context.blobs.append(registryId, key, 0);
    await appender.write(new Uint8Array(100));
    await appender.finish();
    await appender.close();
  };
  /** An upload that a request has written to. */
  const storedUpload = async () => {
    const { context, owner } = application;
    const { id } = await startUpload(context, owner, TARGET);
    const nothing = { start: undefined, bytes: undefined, body: Readable.from([]) };
    return appendUpload(context, owner, TARGET, id, nothing);
  };
  /** The store in memory dates objects by the machine's clock. */
  const sweepAt = (millisecondsAhead: number, signal?: AbortSignal) => {
    const clock = { now: () => Date.now() + millisecondsAhead };
    return sweepOrphans({ ...application.context, clock }, signal);
  };

  it("removes them once they are old, and counts them", async () => {
    await write(application.context.ids.storageKey());
    await write(application.context.ids.storageKey());
    assert.equal(await sweepAt(0), 0);
    assert.equal((await keys()).length, 2);
    assert.equal(await sweepAt(ORPHAN_AGE_MILLISECONDS_MIN + 60_000), 2);
    assert.deepEqual(await keys(), []);
  });

  it("touches neither an upload under way nor a blob, however old", async () => {
    const { context, clock } = application;
    const upload = await storedUpload();
    await write(upload.storageKey);
    const finished = await storedUpload();
    await write(finished.storageKey);
    await context.metadata.blobs.commit(
      registryId,
      finished.repository,
      {
        digest: parseDigest(UNKNOWN_DIGEST),
        size: 100,
        location: { kind: "stored", key: finished.storageKey },
      },
      finished,
      clock.now(),
    );
    assert.equal(await sweepAt(10 * ORPHAN_AGE_MILLISECONDS_MIN), 0);
    assert.deepEqual(await keys(), [upload.storageKey, finished.storageKey].sort());
  });

  it("ends early when it is told to", async () => {
    await write(application.context.ids.storageKey());
    assert.equal(await sweepAt(10 * ORPHAN_AGE_MILLISECONDS_MIN, AbortSignal.abort()), 0);
    assert.equal((await keys()).length, 1);
  });
});
