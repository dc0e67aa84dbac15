import assert from "node:assert/strict";
import type { UploadSession } from "../../../provider/server/src/domain/upload-session.ts";
import {
  APP,
  addBlobs,
  addRegistry,
  digestFor,
  foundBlob,
  inlineBlob,
  makeRegistry,
  makeUpload,
  NOW,
  OTHER,
  refusal,
  repository,
  storedBlob,
} from "../../support/metadata-samples.ts";
import { newStorageKey } from "../../support/storage-names.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

export function describeBlobs(make: MakeMetadataStore): void {
  describe("blobs", () => {
    const test = useMetadataStore(make);

    it("are found where they were committed, as they were", async () => {
      const { store, registry } = test;
      for (const blob of [storedBlob("stored"), inlineBlob("inline"), inlineBlob("")]) {
        assert.equal(await store.blobs.commit(registry.id, APP, blob, undefined, NOW), undefined);
        assert.deepEqual(await store.blobs.find(registry.id, APP, blob.digest), foundBlob(blob));
      }
      assert.equal(await store.repositories.exists(registry.id, APP), true);
    });

    it("are not seen from other repositories and registries", async () => {
      const { store, registry } = test;
      const { digest } = inlineBlob("secret");
      await addBlobs(store, registry, APP, ["secret"]);
      await addBlobs(store, registry, OTHER, ["something"]);
      const elsewhere = await addRegistry(store);
      await addBlobs(store, elsewhere, APP, ["something"]);
      assert.equal(await store.blobs.find(registry.id, OTHER, digest), undefined);
      assert.equal(await store.blobs.find(registry.id, repository("team"), digest), undefined);
      assert.equal(await store.blobs.find(elsewhere.id, APP, digest), undefined);
      assert.equal(await store.blobs.find(makeRegistry().id, APP, digest), undefined);
      assert.equal(await store.blobs.mount(elsewhere.id, APP, OTHER, digest, NOW), undefined);
    });

    it("that the registry has already keep their bytes where they are", async () => {
      const { store, registry } = test;
      const blob = storedBlob("layer");
      await store.blobs.commit(registry.id, APP, blob, undefined, NOW);
      const again = storedBlob("layer");
      for (const name of [APP, OTHER]) {
        const known = await store.blobs.commit(registry.id, name, again, undefined, NOW);
        assert.deepEqual(known, foundBlob(blob));
      }
      assert.deepEqual(await store.blobs.find(registry.id, APP, blob.digest), foundBlob(blob));
      assert.deepEqual(await store.blobs.find(registry.id, OTHER, blob.digest), foundBlob(blob));
    });

    it("end their upload in the step that makes them visible", async () => {
      const { store, registry } = test;
      for (const isNew of [true, false]) {
        const upload = makeUpload(registry);
        await store.uploads.create(upload, 10);
        const blob = storedBlob("layer", upload.storageKey);
        const known = await store.blobs.commit(registry.id, APP, blob, upload, NOW);
        assert.equal(known === undefined, isNew);
        assert.equal(await store.uploads.find(registry.id, APP, upload.id), undefined);
      }
    });

    it("end an upload that was never stored as well", async () => {
      const { store, registry } = test;
      const upload = makeUpload(registry);
      assert.equal(await store.uploads.hasEnded(upload), false);
      const blob = inlineBlob("layer");
      assert.equal(await store.blobs.commit(registry.id, APP, blob, upload, NOW), undefined);
      assert.equal(await store.uploads.hasEnded(upload), true);
    });

    it("are refused when their upload has ended, whether by them, by a removal, or stored before", async () => {
      const { store, registry } = test;
      const endings = [
        (upload: UploadSession) =>
          store.blobs.commit(registry.id, OTHER, inlineBlob("layer"), upload, NOW),
        (upload: UploadSession) => store.uploads.remove(upload),
        async (upload: UploadSession) => {
          await store.uploads.create(upload, 10);
          await store.uploads.remove(upload);
        },
      ];
      for (const end of endings) {
        const upload = makeUpload(registry);
        await end(upload);
        await assert.rejects(
          store.blobs.commit(registry.id, APP, storedBlob("layer"), upload, NOW),
          refusal("upload-unknown", { uploadId: upload.id }),
        );
        assert.equal(await store.repositories.exists(registry.id, APP), false);
      }
    });

    it("are refused when their registry is gone", async () => {
      await assert.rejects(
        test.store.blobs.commit(makeRegistry().id, APP, inlineBlob("x"), undefined, NOW),
        refusal("registry-unknown"),
      );
    });

    it("are mounted from a repository that sees them", async () => {
      const { store, registry } = test;
      const blob = storedBlob("layer");
      await store.blobs.commit(registry.id, APP, blob, undefined, NOW);
      for (let times = 0; times < 2; times++) {
        assert.deepEqual(
          await store.blobs.mount(registry.id, APP, OTHER, blob.digest, NOW + times),
          blob,
        );
      }
      assert.deepEqual(
        await store.blobs.find(registry.id, OTHER, blob.digest),
        foundBlob(blob, NOW + 1),
      );
    });

    it("tell which repositories see them", async () => {
      const { store, registry } = test;
      const { digest } = storedBlob("layer");
      const holders = (limit: number) => store.blobs.holders(registry.id, digest, limit);
      assert.deepEqual(await holders(10), []);
      await addBlobs(store, registry, APP, ["layer"]);
      await store.blobs.mount(registry.id, APP, OTHER, digest, NOW);
      assert.deepEqual([...(await holders(10))].sort(), [APP, OTHER].sort());
      assert.equal((await holders(1)).length, 1);
      assert.deepEqual(await store.blobs.holders(makeRegistry().id, digest, 10), []);
    });

    it("that cannot be mounted create no repository", async () => {
      const { store, registry } = test;
      await addBlobs(store, registry, APP, ["layer"]);
      const target = repository("new/one");
      for (const [from, text] of [
        [OTHER, "layer"],
        [APP, "another"],
      ] as const) {
        assert.equal(
          await store.blobs.mount(registry.id, from, target, digestFor(text), NOW),
          undefined,
        );
      }
      assert.equal(await store.repositories.exists(registry.id, target), false);
    });

    it("are taken out of one repository and stay in the others", async () => {
      const { store, registry } = test;
      const { digest } = inlineBlob("layer");
      await addBlobs(store, registry, APP, ["layer"]);
      await store.blobs.mount(registry.id, APP, OTHER, digest, NOW);
      assert.equal(await store.blobs.unlink(registry.id, APP, digest), true);
      assert.equal(await store.blobs.unlink(registry.id, APP, digest), false);
      assert.equal(await store.blobs.unlink(registry.id, repository("no/such"), digest), false);
      assert.equal(await store.blobs.find(registry.id, APP, digest), undefined);
      const left = await store.blobs.find(registry.id, OTHER, digest);
      assert.deepEqual(left, foundBlob(inlineBlob("layer")));
    });

    it("are touched where they exist, and never back", async () => {
      const { store, registry } = test;
      await addBlobs(store, registry, APP, ["layer"]);
      const layer = digestFor("layer");
      const touch = (at: number, ...names: string[]) =>
        store.blobs.touch(registry.id, names.map(digestFor), at);
      assert.deepEqual(await touch(NOW + 2, "layer", "none"), [layer]);
      assert.deepEqual(await touch(NOW + 1, "layer"), [layer]);
      assert.deepEqual(await touch(NOW + 1), []);
      const found = await store.blobs.find(registry.id, APP, layer);
      assert.deepEqual(found, foundBlob(inlineBlob("layer"), NOW + 2));
      const elsewhere = await addRegistry(store);
      assert.deepEqual(await store.blobs.touch(elsewhere.id, [layer], NOW + 3), []);
    });

    it("count as used when they are uploaded again or mounted", async () => {
      const { store, registry } = test;
      const blob = storedBlob("layer");
      await store.blobs.commit(registry.id, APP, blob, undefined, NOW);
      await store.blobs.commit(registry.id, APP, storedBlob("layer"), undefined, NOW + 1);
      const again = await store.blobs.find(registry.id, APP, blob.digest);
      assert.deepEqual(again, foundBlob(blob, NOW + 1));
      await store.blobs.mount(registry.id, APP, OTHER, blob.digest, NOW + 2);
      const mounted = await store.blobs.find(registry.id, APP, blob.digest);
      assert.deepEqual(mounted, foundBlob(blob, NOW + 2));
    });

    it("and uploads name the storage keys that are in use", async () => {
      const { store, registry } = test;
      const blob = storedBlob("layer");
      const upload = makeUpload(registry);
      await store.blobs.commit(registry.id, APP, blob, undefined, NOW);
      await store.blobs.unlink(registry.id, APP, blob.digest);
      await store.uploads.create(upload, 10);
      const unknown = Array.from({ length: 1100 }, newStorageKey);
      const [first, ...rest] = unknown;
      assert.ok(first !== undefined && blob.location.kind === "stored");
      const asked = [first, blob.location.key, ...rest, upload.storageKey];
      assert.deepEqual(await store.blobs.unreferenced(registry.id, asked), unknown);
      const elsewhere = await addRegistry(store);
      assert.deepEqual(await store.blobs.unreferenced(elsewhere.id, asked), asked);
      assert.deepEqual(await store.blobs.unreferenced(registry.id, []), []);
    });
  });
}
