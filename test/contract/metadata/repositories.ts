import assert from "node:assert/strict";
import {
  APP,
  addBlobs,
  addRegistry,
  digestFor,
  foundBlob,
  imageOf,
  inlineBlob,
  makeRegistry,
  OTHER,
  pushTo,
  repository,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

export function describeRepositories(make: MakeMetadataStore): void {
  describe("repositories", () => {
    const test = useMetadataStore(make);

    async function list(after?: string, limit = 100): Promise<readonly string[]> {
      return test.store.repositories.list(test.registry.id, { after, limit });
    }

    it("exist from their first content on", async () => {
      const { store, registry } = test;
      assert.equal(await store.repositories.exists(registry.id, APP), false);
      await addBlobs(store, registry, APP, ["x"]);
      assert.equal(await store.repositories.exists(registry.id, APP), true);
      assert.equal(await store.repositories.exists(makeRegistry().id, APP), false);
    });

    it("are listed while they hold a manifest", async () => {
      const { store, registry } = test;
      await addBlobs(store, registry, APP, ["x"]);
      assert.deepEqual(await list(), []);
      const [first, second] = [imageOf("first", []), imageOf("second", [])];
      await pushTo(store, registry, APP, first);
      await pushTo(store, registry, APP, first, "again");
      await pushTo(store, registry, APP, second);
      assert.deepEqual(await list(), [APP]);
      await store.manifests.remove(registry.id, APP, first.record.digest);
      assert.deepEqual(await list(), [APP]);
      await store.manifests.remove(registry.id, APP, second.record.digest);
      assert.deepEqual(await list(), []);
      assert.equal(await store.repositories.exists(registry.id, APP), true);
    });

    it("are listed page by page in the order of their names' bytes", async () => {
      const { store, registry } = test;
      const names = ["a", "a-b", "a.b", "a/b", "a0", "a_b", "aa", "b"];
      for (const name of names.toReversed()) {
        await pushTo(store, registry, repository(name), imageOf("image", []));
        await addBlobs(store, registry, repository(`${name}/empty`), ["x"]);
      }
      await pushTo(store, await addRegistry(store), APP, imageOf("image", []));
      assert.deepEqual(await list(), names);
      assert.deepEqual(await list(undefined, 3), names.slice(0, 3));
      assert.deepEqual(await list("a.b", 3), names.slice(3, 6));
      assert.deepEqual(await list("a.c", 2), names.slice(3, 5), "after a name that is not there");
      assert.deepEqual(await list("b", 3), []);
    });

    it("list their tags page by page in the order of their bytes", async () => {
      const { store, registry } = test;
      const names = ["1", "10", "2", "A", "Z", "_", "a", "a.b", "z"];
      await pushTo(store, registry, APP, imageOf("image", []), ...names.toReversed());
      await pushTo(store, registry, OTHER, imageOf("image", []), "elsewhere");
      const tags = (after?: string, limit = 100) =>
        store.repositories.tags(registry.id, APP, { after, limit });
      assert.deepEqual(await tags(), names);
      assert.deepEqual(await tags(undefined, 4), names.slice(0, 4));
      assert.deepEqual(await tags("A", 4), names.slice(4, 8));
      assert.deepEqual(await tags("B", 4), names.slice(4, 8));
      assert.deepEqual(await tags("z", 4), []);
      const none = repository("no/such");
      assert.deepEqual(await store.repositories.tags(registry.id, none, { limit: 5 }), []);
    });

    it("are removed with tags and manifests; other repositories keep the blobs", async () => {
      const { store, registry } = test;
      for (const name of [APP, OTHER]) {
        await addBlobs(store, registry, name, ["layer"]);
        await pushTo(store, registry, name, imageOf("image", ["layer"]), "v1");
      }
      assert.equal(await store.repositories.remove(registry.id, APP), true);
      assert.equal(await store.repositories.remove(registry.id, APP), false);
      assert.equal(await store.repositories.exists(registry.id, APP), false);
      const reference = { kind: "digest", digest: digestFor("image") } as const;
      assert.equal(await store.manifests.find(registry.id, APP, reference), undefined);
      assert.equal(await store.blobs.find(registry.id, APP, digestFor("layer")), undefined);
      assert.deepEqual(await store.repositories.tags(registry.id, APP, { limit: 5 }), []);
      assert.deepEqual(await list(), [OTHER]);
      const kept = await store.blobs.find(registry.id, OTHER, digestFor("layer"));
      assert.deepEqual(kept, foundBlob(inlineBlob("layer")));
    });
  });
}
