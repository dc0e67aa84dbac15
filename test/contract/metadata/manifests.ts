import assert from "node:assert/strict";
import {
  APP,
  addBlobs,
  describing,
  digestFor,
  foundManifest,
  imageOf,
  indexOf,
  makeRegistry,
  makeToken,
  NOW,
  newSecretHash,
  newTokenId,
  OTHER,
  type Push,
  pushTo,
  refusal,
  tag,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

export function describeManifests(make: MakeMetadataStore): void {
  describe("manifests", () => {
    const test = useMetadataStore(make);

    async function byTag(name: string, repository = APP) {
      const reference = { kind: "tag", tag: tag(name) } as const;
      return test.store.manifests.find(test.registry.id, repository, reference);
    }

    async function byDigest({ record: { digest } }: Push, repository = APP) {
      const reference = { kind: "digest", digest } as const;
      return test.store.manifests.find(test.registry.id, repository, reference);
    }

    it("are found by digest and by each of their tags", async () => {
      const { store, registry } = test;
      await addBlobs(store, registry, APP, ["config", "layer"]);
      const image = imageOf("image", ["config", "layer", "layer"]);
      await pushTo(store, registry, APP, image, "v1", "latest");
      assert.deepEqual(await byDigest(image), foundManifest(image));
      assert.deepEqual(await byTag("v1"), foundManifest(image));
      assert.deepEqual(await byTag("latest"), foundManifest(image));
      assert.equal(await byTag("v2"), undefined);
      assert.equal(await byDigest(image, OTHER), undefined);
      assert.equal(await byTag("v1", OTHER), undefined);
      assert.equal(await byDigest(imageOf("another", [])), undefined);
    });

    it("are refused with everything that the repository misses, and leave no trace", async () => {
      const { store, registry } = test;
      await addBlobs(store, registry, OTHER, ["config", "elsewhere"]);
      await store.blobs.mount(registry.id, OTHER, APP, digestFor("config"), NOW);
      const image = imageOf("image", ["config", "missing", "elsewhere", "missing"]);
      await assert.rejects(
        pushTo(store, registry, APP, image, "v1"),
        refusal("manifest-reference-unknown", {
          digests: [digestFor("missing"), digestFor("elsewhere")],
        }),
      );
      assert.equal(await byDigest(image), undefined);
      assert.equal(await byTag("v1"), undefined);
      assert.deepEqual(await store.repositories.list(registry.id, { limit: 10 }), []);
    });

    it("of many descriptors are checked whole", async () => {
      const { store, registry } = test;
      const names = Array.from({ length: 1100 }, (_, number) => `blob ${number}`);
      await Promise.all(names.map((name) => addBlobs(store, registry, APP, [name])));
      const image = imageOf("image", [...names, "missing"]);
      await assert.rejects(
        pushTo(store, registry, APP, image),
        refusal("manifest-reference-unknown", { digests: [digestFor("missing")] }),
      );
      await pushTo(store, registry, APP, imageOf("image", names), "v1");
    });

    it("need no blob that may be had elsewhere, and no subject", async () => {
      const { store, registry } = test;
      const image = imageOf("image", [], {
        blobs: [describing("foreign", { hasUrls: true })],
        subject: describing("not here"),
      });
      await pushTo(store, registry, APP, image);
      assert.deepEqual(await byDigest(image), foundManifest(image));
    });

    it("that list manifests need each of them in the same repository", async () => {
      const { store, registry } = test;
      const [arm, amd] = [imageOf("arm", []), imageOf("amd", [])];
      await pushTo(store, registry, APP, arm);
      await pushTo(store, registry, OTHER, amd);
      const index = indexOf("index", [amd, arm]);
      await assert.rejects(
        pushTo(store, registry, APP, index, "v1"),
        refusal("manifest-reference-unknown", { digests: [amd.record.digest] }),
      );
      await pushTo(store, registry, APP, amd);
      await pushTo(store, registry, APP, index, "v1");
      assert.deepEqual(await byTag("v1"), foundManifest(index));
    });

    it("may be pushed again, and are checked again", async () => {
      const { store, registry } = test;
      await addBlobs(store, registry, APP, ["layer"]);
      const image = imageOf("image", ["layer"]);
      await pushTo(store, registry, APP, image, "v1");
      await pushTo(store, registry, APP, image, "v2");
      assert.deepEqual(await byTag("v1"), foundManifest(image));
      assert.deepEqual(await byTag("v2"), foundManifest(image));
      await store.blobs.unlink(registry.id, APP, digestFor("layer"));
      await assert.rejects(
        pushTo(store, registry, APP, image, "v3"),
        refusal("manifest-reference-unknown"),
      );
      assert.deepEqual(await byTag("v2"), foundManifest(image), "what was pushed stays");
    });

    it("lose a tag that moves, and stay", async () => {
      const { store, registry } = test;
      const [first, second] = [imageOf("first", []), imageOf("second", [])];
      await pushTo(store, registry, APP, first, "v1", "latest");
      await pushTo(store, registry, APP, second, "latest");
      assert.deepEqual(await byTag("latest"), foundManifest(second));
      assert.deepEqual(await byTag("v1"), foundManifest(first));
      assert.deepEqual(await byDigest(first), foundManifest(first));
    });

    it("are removed with their tags", async () => {
      const { store, registry } = test;
      const [first, second] = [imageOf("first", []), imageOf("second", [])];
      await pushTo(store, registry, APP, first, "v1", "latest");
      await pushTo(store, registry, APP, second, "v2");
      const { digest } = first.record;
      assert.equal(await store.manifests.remove(registry.id, OTHER, digest), false);
      assert.equal(await store.manifests.remove(registry.id, APP, digest), true);
      assert.equal(await store.manifests.remove(registry.id, APP, digest), false);
      assert.equal(await byTag("v1"), undefined);
      assert.deepEqual(await store.repositories.tags(registry.id, APP, { limit: 9 }), ["v2"]);
      assert.deepEqual(await byTag("v2"), foundManifest(second));
    });

    it("outlive the removal of a tag", async () => {
      const { store, registry } = test;
      const image = imageOf("image", []);
      await pushTo(store, registry, APP, image, "v1", "v2");
      assert.equal(await store.manifests.removeTag(registry.id, OTHER, tag("v1")), false);
      assert.equal(await store.manifests.removeTag(registry.id, APP, tag("v1")), true);
      assert.equal(await store.manifests.removeTag(registry.id, APP, tag("v1")), false);
      assert.equal(await byTag("v1"), undefined);
      assert.deepEqual(await byTag("v2"), foundManifest(image));
      assert.deepEqual(await byDigest(image), foundManifest(image));
    });

    it("are refused when their registry is gone", async () => {
      await assert.rejects(
        pushTo(test.store, makeRegistry(), APP, imageOf("image", [])),
        refusal("registry-unknown"),
      );
    });

    it("spend a one-time token exactly once", async () => {
      const { store, registry } = test;
      const token = makeToken(registry, { isOneTime: true });
      await store.tokens.create(token, newSecretHash());
      const { record, manifest } = imageOf("image", []);
      const spend = (id = token.id, blobs = manifest.blobs) =>
        store.manifests.put(registry.id, APP, record, { ...manifest, blobs }, [], NOW, id);
      await assert.rejects(
        spend(token.id, [describing("missing")]),
        refusal("manifest-reference-unknown"),
      );
      assert.deepEqual(await store.tokens.findById(token.id), token, "a refused push spends none");
      const results = await Promise.allSettled([spend(), spend(), spend()]);
      assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
      assert.equal(await store.tokens.findById(token.id), undefined);
      await assert.rejects(spend(), refusal("credentials-invalid"));
      await assert.rejects(spend(newTokenId()), refusal("credentials-invalid"));
    });
  });
}
