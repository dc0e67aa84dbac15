import assert from "node:assert/strict";
import {
  APP,
  addBlobs,
  addRegistry,
  digestFor,
  foundBlob,
  imageOf,
  indexOf,
  inlineBlob,
  makeRegistry,
  NOW,
  OTHER,
  pushTo,
  refusal,
  storedBlob,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

const LATER = NOW + 1;

export function describeDamage(make: MakeMetadataStore): void {
  describe("blobs that are damaged", () => {
    const test = useMetadataStore(make);

    it("are noted once, and known as such wherever they are seen", async () => {
      const { store, registry } = test;
      for (const blob of [storedBlob("stored"), inlineBlob("inline")]) {
        await store.blobs.commit(registry.id, APP, blob, undefined, NOW);
        await store.blobs.mount(registry.id, APP, OTHER, blob.digest, NOW);
        assert.equal((await store.blobs.find(registry.id, APP, blob.digest))?.isDamaged, false);
        assert.equal(await store.blobs.noteDamage(registry.id, blob, NOW), true);
        assert.equal(await store.blobs.noteDamage(registry.id, blob, LATER), false);
        for (const name of [APP, OTHER]) {
          const found = await store.blobs.find(registry.id, name, blob.digest);
          assert.deepEqual(found, { ...foundBlob(blob), isDamaged: true });
        }
        const known = await store.blobs.commit(registry.id, OTHER, blob, undefined, NOW);
        assert.deepEqual(known, { ...foundBlob(blob), isDamaged: true });
      }
    });

    it("are no longer when their bytes were read after all", async () => {
      const { store, registry } = test;
      const blob = storedBlob("layer");
      await store.blobs.commit(registry.id, APP, blob, undefined, NOW);
      await store.blobs.noteDamage(registry.id, blob, NOW);
      await store.blobs.noteSoundness(registry.id, storedBlob("layer"));
      assert.equal((await store.blobs.find(registry.id, APP, blob.digest))?.isDamaged, true);
      await store.blobs.noteSoundness(registry.id, blob);
      assert.deepEqual(await store.blobs.find(registry.id, APP, blob.digest), foundBlob(blob));
    });

    it("are not those that have other bytes by now, belong to another registry, or are gone", async () => {
      const { store, registry } = test;
      const blob = inlineBlob("layer");
      await store.blobs.commit(registry.id, APP, blob, undefined, NOW);
      const elsewhere = await addRegistry(store);
      for (const [id, other] of [
        [registry.id, storedBlob("layer")],
        [registry.id, { ...inlineBlob("other"), digest: blob.digest }],
        [registry.id, inlineBlob("other")],
        [elsewhere.id, blob],
        [makeRegistry().id, blob],
      ] as const) {
        assert.equal(await store.blobs.noteDamage(id, other, NOW), false);
        assert.equal(await store.blobs.replaceBytes(id, other, blob.location), false);
      }
      assert.deepEqual(await store.blobs.find(registry.id, APP, blob.digest), foundBlob(blob));
    });

    it("get other bytes for every repository that sees them, once", async () => {
      const { store, registry } = test;
      for (const [bad, good] of [
        [storedBlob("a"), storedBlob("a")],
        [storedBlob("b"), inlineBlob("b")],
        [inlineBlob("c"), storedBlob("c")],
        [inlineBlob("d"), inlineBlob("d")],
      ] as const) {
        await store.blobs.commit(registry.id, APP, bad, undefined, NOW);
        await store.blobs.mount(registry.id, APP, OTHER, bad.digest, NOW);
        await store.blobs.noteDamage(registry.id, bad, NOW);
        assert.equal(await store.blobs.replaceBytes(registry.id, bad, good.location), true);
        for (const name of [APP, OTHER]) {
          const found = await store.blobs.find(registry.id, name, bad.digest);
          assert.deepEqual(found, foundBlob(good));
        }
        if (bad.location.kind === "stored" && good.location.kind === "stored") {
          assert.equal(await store.blobs.replaceBytes(registry.id, bad, good.location), false);
          const { key } = bad.location;
          const keys = [key, good.location.key];
          assert.deepEqual(await store.blobs.unreferenced(registry.id, keys), [key]);
        }
      }
    });

    it("make manifests incomplete, and the indexes that list these", async () => {
      const { store, registry } = test;
      const blob = storedBlob("layer");
      await store.blobs.commit(registry.id, APP, blob, undefined, NOW);
      await addBlobs(store, registry, APP, ["sound"]);
      const image = imageOf("image", ["sound", "layer"]);
      const whole = imageOf("whole", ["sound"]);
      const index = indexOf("index", [whole, image]);
      const wholeIndex = indexOf("whole index", [whole]);
      for (const each of [image, whole, index, wholeIndex]) {
        await pushTo(store, registry, APP, each);
      }
      const incomplete = async () => {
        const found = await Promise.all(
          [image, whole, index, wholeIndex].map(({ record: { digest } }) =>
            store.manifests.find(registry.id, APP, { kind: "digest", digest }),
          ),
        );
        return found.map((each) => each?.isIncomplete);
      };
      assert.deepEqual(await incomplete(), [false, false, false, false]);
      await store.blobs.noteDamage(registry.id, blob, NOW);
      assert.deepEqual(await incomplete(), [true, false, true, false]);
      await store.blobs.replaceBytes(registry.id, blob, storedBlob("layer").location);
      assert.deepEqual(await incomplete(), [false, false, false, false]);
    });

    it("are not mounted, and no new manifest relies on them", async () => {
      const { store, registry } = test;
      const blob = storedBlob("layer");
      await store.blobs.commit(registry.id, APP, blob, undefined, NOW);
      await addBlobs(store, registry, APP, ["sound"]);
      await store.blobs.noteDamage(registry.id, blob, NOW);
      assert.equal(await store.blobs.mount(registry.id, APP, OTHER, blob.digest, NOW), undefined);
      assert.equal(await store.repositories.exists(registry.id, OTHER), false);
      const push = () => pushTo(store, registry, APP, imageOf("image", ["layer", "sound"]), "1");
      await assert.rejects(
        push(),
        refusal("manifest-reference-unknown", { digests: [digestFor("layer")] }),
      );
      await store.blobs.noteSoundness(registry.id, blob);
      await push();
    });
  });
}
