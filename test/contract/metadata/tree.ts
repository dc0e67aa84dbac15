import assert from "node:assert/strict";
import {
  addBlobs,
  addRegistry,
  imageOf,
  pushTo,
  repository,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

export function describeTree(make: MakeMetadataStore): void {
  describe("repositories as a tree", () => {
    const test = useMetadataStore(make);

    beforeEach(async () => {
      const { store, registry } = test;
      // `image` has five bytes; each repository sees a layer of three besides.
      for (const name of ["app", "app-x", "app/a", "app/a/deep", "app.y", "app0", "team/web"]) {
        await addBlobs(store, registry, repository(name), ["lay"]);
        await pushTo(store, registry, repository(name), imageOf("image", ["lay"]), "1", "2");
      }
      await addBlobs(store, registry, repository("only/blobs"), ["lay"]);
      await pushTo(store, await addRegistry(store), repository("else/where"), imageOf("i", []));
    });

    const shown = async (folder: string, after?: string, limit = 100) =>
      test.store.content.tree(test.registry.id, folder, { after, limit });
    const paths = async (folder: string, after?: string, limit?: number) =>
      (await shown(folder, after, limit)).map(({ path }) => path);

    it("show one step below a folder, and what lies beneath", async () => {
      const node = (kind: string, path: string, repositories: number) => ({
        kind,
        path,
        tagCount: 2 * repositories,
        bytes: 8 * repositories,
      });
      assert.deepEqual(await shown(""), [
        node("repository", "app", 1),
        node("repository", "app-x", 1),
        node("repository", "app.y", 1),
        node("folder", "app/", 2),
        node("repository", "app0", 1),
        node("folder", "team/", 1),
      ]);
      assert.deepEqual(await shown("app/"), [
        node("repository", "app/a", 1),
        node("folder", "app/a/", 1),
      ]);
      assert.deepEqual(await shown("app/a/deep/"), []);
      assert.deepEqual(await shown("ap/"), []);
    });

    it("go on behind any node, and behind one that is gone", async () => {
      const all = await paths("");
      for (const [index, path] of all.entries()) {
        assert.deepEqual(await paths("", path), all.slice(index + 1), path);
        assert.deepEqual(await paths("", path, 1), all.slice(index + 1, index + 2), path);
      }
      assert.deepEqual(await paths("", "app-y"), all.slice(2));
      assert.deepEqual(await paths("", "app.z/"), all.slice(3));
    });
  });
}
