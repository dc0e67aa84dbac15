import assert from "node:assert/strict";
import type {
  BlobPosition,
  WalkedBlobs,
} from "../../../provider/server/src/ports/garbage-index.ts";
import {
  APP,
  addBlobs,
  addRegistry,
  digestFor,
  foundBlob,
  imageOf,
  inlineBlob,
  makeRegistry,
  makeUpload,
  NOW,
  newRunId,
  OTHER,
  pushTo,
  refusal,
  storedBlob,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

const LATER = NOW + 1000;

export function describeGarbage(make: MakeMetadataStore): void {
  describe("garbage", () => {
    const test = useMetadataStore(make);

    /** Marks what was last used before `cutoff`, in parts of two blobs. */
    async function mark(cutoff = LATER): Promise<{ blobs: number; bytes: number }> {
      const { store, registry } = test;
      const run = { registryId: registry.id, id: newRunId(), isDryRun: false, startedAt: NOW };
      const { id } = await store.collections.start(run);
      const marked = await addUp((after) =>
        store.garbage.mark(registry.id, id, cutoff, after, 2, LATER),
      );
      const counted = await store.collections.find(registry.id, id);
      assert.ok((counted?.blobs ?? 0) >= marked.blobs);
      return marked;
    }

    const count = (cutoff = LATER) =>
      addUp((after) => test.store.garbage.count(test.registry.id, cutoff, after, 2));

    const usage = async () =>
      (await test.store.registries.usage(test.registry.organizationId, test.registry.id)).bytes;

    it("is what no manifest refers to", async () => {
      const { store, registry } = test;
      const texts = ["one", "two", "three", "four", "fifth"];
      await addBlobs(store, registry, APP, texts);
      await addBlobs(store, registry, OTHER, ["other"]);
      const image = imageOf("image", ["two", "four"]);
      await pushTo(store, registry, APP, image, "v1");
      const garbage = { blobs: 4, bytes: "onethreefifthother".length };
      assert.deepEqual(await count(), garbage);
      const before = await usage();
      assert.deepEqual(await mark(), garbage);
      assert.equal(await usage(), before - garbage.bytes);
      for (const text of texts) {
        const found = await store.blobs.find(registry.id, APP, digestFor(text));
        assert.equal(found !== undefined, ["two", "four"].includes(text), text);
      }
      assert.deepEqual(await count(), { blobs: 0, bytes: 0 });
      assert.deepEqual(await mark(), { blobs: 0, bytes: 0 });
      assert.equal(await store.manifests.remove(registry.id, APP, image.record.digest), true);
      assert.deepEqual(await mark(), { blobs: 2, bytes: "twofour".length });
    });

    it("is walked in parts of the length that is asked for", async () => {
      const { store, registry } = test;
      await addBlobs(store, registry, APP, ["a", "b", "c", "d", "e"]);
      const parts: number[] = [];
      let after: BlobPosition | undefined;
      do {
        const { next, blobs } = await store.garbage.count(registry.id, LATER, after, 2);
        parts.push(blobs);
        after = next;
      } while (after !== undefined);
      assert.deepEqual(parts, [2, 2, 1]);
    });

    it("is not what a client was told of since", async () => {
      const { store, registry } = test;
      await addBlobs(store, registry, APP, ["one", "two", "three"]);
      await store.blobs.touch(registry.id, [digestFor("one")], LATER);
      await store.blobs.mount(registry.id, APP, OTHER, digestFor("two"), LATER);
      assert.deepEqual(await count(NOW), { blobs: 0, bytes: 0 });
      assert.deepEqual(await mark(), { blobs: 1, bytes: "three".length });
    });

    it("is not what a live upload may rely on", async () => {
      const { store, registry } = test;
      const cutoff = () => store.garbage.cutoff(registry.id, NOW, 1000);
      assert.equal(await cutoff(), NOW - 1000);
      const uploads = [-500, -300].map((ago) => makeUpload(registry, { startedAt: NOW + ago }));
      for (const upload of uploads) {
        await store.uploads.create(upload, 10);
      }
      assert.equal(await cutoff(), NOW - 1500);
      const elsewhere = await addRegistry(store);
      assert.equal(await store.garbage.cutoff(elsewhere.id, NOW, 1000), NOW - 1000);
      for (const upload of uploads) {
        await store.uploads.remove(upload);
      }
      assert.equal(await cutoff(), NOW - 1000);
    });

    it("is each registry's own", async () => {
      const { store, registry } = test;
      const elsewhere = await addRegistry(store);
      await addBlobs(store, registry, APP, ["mine"]);
      await addBlobs(store, elsewhere, APP, ["mine", "theirs"]);
      assert.deepEqual(await mark(), { blobs: 1, bytes: "mine".length });
      assert.deepEqual(await store.garbage.marked(elsewhere.id, 10), []);
      const kept = await store.blobs.find(elsewhere.id, APP, digestFor("mine"));
      assert.deepEqual(kept, foundBlob(inlineBlob("mine")));
    });

    it("that is marked does not exist for anybody", async () => {
      const { store, registry } = test;
      await addBlobs(store, registry, APP, ["gone"]);
      const gone = digestFor("gone");
      await mark();
      assert.equal(await store.blobs.find(registry.id, APP, gone), undefined);
      assert.equal(await store.blobs.mount(registry.id, APP, OTHER, gone, LATER), undefined);
      assert.equal(await store.blobs.unlink(registry.id, APP, gone), false);
      assert.deepEqual(await store.blobs.touch(registry.id, [gone], LATER), []);
      await assert.rejects(
        pushTo(store, registry, APP, imageOf("image", ["gone"]), "v1"),
        refusal("manifest-reference-unknown", { digests: [gone] }),
      );
    });

    it("that is pushed again gets a row of its own, which is never removed with the old one", async () => {
      const { store, registry } = test;
      const old = storedBlob("layer");
      await store.blobs.commit(registry.id, APP, old, undefined, NOW);
      await mark();
      const marked = await store.garbage.marked(registry.id, 10);
      assert.deepEqual(
        marked.map(({ storageKey }) => ({ kind: "stored", key: storageKey })),
        [old.location],
      );
      const again = storedBlob("layer");
      assert.equal(await store.blobs.commit(registry.id, APP, again, undefined, LATER), undefined);
      assert.equal(await usage(), "layer".length);
      await store.garbage.forget(registry.id, marked);
      const found = await store.blobs.find(registry.id, APP, again.digest);
      assert.deepEqual(found, foundBlob(again, LATER));
      assert.deepEqual(await store.garbage.marked(registry.id, 10), []);
    });

    it("is forgotten once its bytes are gone", async () => {
      const { store, registry } = test;
      await addBlobs(store, registry, APP, ["one", "two", "three"]);
      await mark();
      const some = await store.garbage.marked(registry.id, 2);
      assert.equal(some.length, 2);
      await store.garbage.forget(makeRegistry().id, some);
      await store.garbage.forget(registry.id, some);
      const rest = await store.garbage.marked(registry.id, 2);
      assert.equal(rest.length, 1);
      assert.ok(rest.every(({ storageKey }) => storageKey === undefined));
      await store.garbage.forget(registry.id, [...rest, ...some]);
      assert.deepEqual(await store.garbage.marked(registry.id, 2), []);
      assert.equal(await usage(), 0);
    });

    it("keeps its storage key until it is forgotten", async () => {
      const { store, registry } = test;
      const blob = storedBlob("layer");
      assert.ok(blob.location.kind === "stored");
      const { key } = blob.location;
      await store.blobs.commit(registry.id, APP, blob, undefined, NOW);
      await mark();
      assert.deepEqual(await store.blobs.unreferenced(registry.id, [key]), []);
      await store.garbage.forget(registry.id, await store.garbage.marked(registry.id, 10));
      assert.deepEqual(await store.blobs.unreferenced(registry.id, [key]), [key]);
    });

    it("makes its registry read-only while it is marked", async () => {
      const { store, registry } = test;
      const until = () => store.garbage.readOnlyUntil(registry.id);
      assert.equal(await until(), undefined);
      await store.garbage.holdReadOnly(registry.id, NOW + 5);
      assert.equal(await until(), NOW + 5);
      const found = await store.registries.findByName(registry.name);
      assert.deepEqual(found, { ...registry, readOnlyUntil: NOW + 5 });
      await mark();
      assert.equal(await until(), LATER);
      await store.garbage.holdReadOnly(registry.id, undefined);
      assert.deepEqual(await store.registries.findByName(registry.name), registry);
      assert.equal(await store.garbage.readOnlyUntil(makeRegistry().id), undefined);
    });

    it("goes with its registry", async () => {
      const { store, registry } = test;
      await addBlobs(store, registry, APP, ["one", "two"]);
      await mark();
      assert.equal(await store.registries.remove(registry.organizationId, registry.id), true);
      assert.deepEqual(await store.garbage.marked(registry.id, 10), []);
      assert.deepEqual(await count(), { blobs: 0, bytes: 0 });
    });
  });
}

async function addUp(
  part: (after: BlobPosition | undefined) => Promise<WalkedBlobs>,
): Promise<{ blobs: number; bytes: number }> {
  const sum = { blobs: 0, bytes: 0 };
  let after: BlobPosition | undefined;
  do {
    const { next, blobs, bytes } = await part(after);
    sum.blobs += blobs;
    sum.bytes += bytes;
    after = next;
  } while (after !== undefined);
  return sum;
}
