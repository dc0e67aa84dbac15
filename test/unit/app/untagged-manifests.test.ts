import assert from "node:assert/strict";
import { collectGarbage } from "../../../provider/server/src/app/collect-garbage.ts";
import { createRegistry } from "../../../provider/server/src/app/create-registry.ts";
import { getRegistry } from "../../../provider/server/src/app/get-registry.ts";
import { startCollection } from "../../../provider/server/src/app/start-collection.ts";
import type { Digest } from "../../../provider/server/src/domain/digest.ts";
import type { RegistryId } from "../../../provider/server/src/domain/ids.ts";
import { type Application, startApplication } from "../../support/application.ts";
import { someContent } from "../../support/content.ts";
import { ContentInProcess } from "../../support/content-in-process.ts";
import { registryDraft } from "./drafts.ts";

const HOUR = 60 * 60_000;
const NEVER_DUE = { days: ["Sunday"], time: "03:00:00Z" } as const;

describe("collecting garbage with deleteUntagged", () => {
  let application: Application;
  let registryId: RegistryId;
  let content: ContentInProcess;

  beforeEach(async () => {
    application = await startApplication();
    const { context, owner } = application;
    const schedule = { ...NEVER_DUE, deleteUntagged: true };
    registryId = (await createRegistry(context, owner, registryDraft({ schedule }))).registry.id;
    content = new ContentInProcess(context, owner, "shop");
  });
  afterEach(() => application.close());

  async function collectNow(isDryRun = false) {
    const { context, owner } = application;
    const { id } = await startCollection(context, owner, registryId, isDryRun);
    await collectGarbage(context);
    const run = await context.metadata.collections.find(registryId, id);
    assert.equal(run?.phase, "succeeded");
    const { manifests, blobs, bytes } = run;
    return { manifests, blobs, bytes };
  }

  async function push(tag: string, subject?: Digest): Promise<Digest> {
    const layer = someContent();
    await content.pushBlob("app", layer);
    const digest = await content.pushImage("app", tag, [layer], subject);
    assert.ok(digest !== undefined);
    return digest;
  }

  async function pushIndex(tag: string, child: Digest): Promise<Digest> {
    const digest = await content.pushIndex("app", tag, child);
    assert.ok(digest !== undefined);
    return digest;
  }

  const untag = async (...tags: string[]) => {
    for (const tag of tags) {
      assert.equal(await content.delete("app", tag), true);
    }
  };
  const usage = async () =>
    (await getRegistry(application.context, application.owner, registryId)).usage.bytes;

  it("removes what no tag names, with its blobs, and counts it first when asked to", async () => {
    await push("kept");
    const before = await usage();
    await push("dropped");
    const dropped = (await usage()) - before;
    await untag("dropped");
    application.clock.advance(HOUR + 1);
    const expected = { manifests: 1, blobs: 1, bytes: dropped };
    assert.deepEqual(await collectNow(true), expected);
    assert.deepEqual(await collectNow(), expected);
    assert.equal(await usage(), before);
    assert.equal(await content.hasManifest("app", "kept"), true);
    assert.deepEqual(await collectNow(), { manifests: 0, blobs: 0, bytes: 0 });
  });

  it("counts a blob once that several of them share, and not where one that stays has it", async () => {
    const [shared, base] = [someContent(), someContent()];
    await content.pushBlob("app", shared);
    await content.pushBlob("app", base);
    await content.pushImage("app", "1", [shared, base]);
    await content.pushImage("app", "2", [base, shared]);
    await content.pushImage("app", "kept", [base]);
    await untag("1", "2");
    application.clock.advance(HOUR + 1);
    const counted = await collectNow(true);
    assert.deepEqual([counted.manifests, counted.blobs], [2, 1]);
    assert.deepEqual(await collectNow(), counted);
  });

  it("keeps the children of an index that stays, and removes them with one that goes", async () => {
    const child = await push("child");
    const index = await pushIndex("index", child);
    await untag("child");
    application.clock.advance(HOUR + 1);
    assert.equal((await collectNow()).manifests, 0);
    await untag("index");
    assert.equal((await collectNow(true)).manifests, 2);
    assert.equal((await collectNow()).manifests, 2);
    assert.equal(await content.hasManifest("app", index), false);
    assert.equal(await content.hasManifest("app", child), false);
  });

  it("keeps what refers to a subject that stays, and removes it with one that goes", async () => {
    const subject = await push("1");
    const signature = await push("signature", subject);
    await untag("signature");
    application.clock.advance(HOUR + 1);
    assert.equal((await collectNow()).manifests, 0);
    await untag("1");
    assert.equal((await collectNow()).manifests, 2);
    assert.equal(await content.hasManifest("app", signature), false);
  });

  it("keeps what was pushed, or what a client was told of, within the grace period", async () => {
    const told = await push("told");
    const forgotten = await push("forgotten");
    await untag("told", "forgotten");
    application.clock.advance(0.9 * HOUR);
    assert.equal(await content.hasManifest("app", told), true);
    application.clock.advance(0.4 * HOUR);
    assert.equal((await collectNow()).manifests, 1);
    assert.equal(await content.hasManifest("app", forgotten), false);
    await pushIndex("index", told);
    application.clock.advance(2 * HOUR);
    assert.equal((await collectNow()).manifests, 0);
  });

  it("is each repository's own: the same manifest elsewhere keeps nothing", async () => {
    const layer = someContent();
    for (const repository of ["app", "other"]) {
      await content.pushBlob(repository, layer);
      assert.ok((await content.pushImage(repository, "1", [layer])) !== undefined);
    }
    await untag("1");
    application.clock.advance(HOUR + 1);
    const { manifests, blobs } = await collectNow();
    assert.deepEqual([manifests, blobs], [1, 0]);
    assert.equal(await content.hasManifest("other", "1"), true);
  });
});
