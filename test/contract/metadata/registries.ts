import assert from "node:assert/strict";
import {
  APP,
  addBlobs,
  addRegistry,
  imageOf,
  inlineBlob,
  makeRegistry,
  makeToken,
  makeUpload,
  NOW,
  newOrganizationId,
  newSecretHash,
  ORGANIZATION,
  OTHER,
  pushTo,
  refusal,
  WRAPPED_KEY,
} from "../../support/metadata-samples.ts";
import { newRegistryId } from "../../support/storage-names.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

const BY = { at: NOW + 5, byId: "someone", byName: "someone@example.test" };

export function describeRegistries(make: MakeMetadataStore): void {
  describe("registries", () => {
    const test = useMetadataStore(make);

    it("returns a registry with every field as it was created", async () => {
      const registry = await addRegistry(test.store, {
        visibility: "public",
        schedule: { days: ["Sunday", "Monday"], time: "19:30:00+00:00" },
        isScanned: true,
        allowList: ["10.0.0.0/8", "192.0.2.1"],
        isProtected: true,
        modified: BY,
        revision: 7,
      });
      assert.deepEqual(await test.store.registries.find(ORGANIZATION.id, registry.id), registry);
      assert.deepEqual(await test.store.registries.findByName(registry.name), registry);
      assert.deepEqual(await test.store.registries.wrappedKey(registry.id), WRAPPED_KEY);
    });

    it("hides a registry from other organizations", async () => {
      const { registries } = test.store;
      const stranger = newOrganizationId();
      const { id } = test.registry;
      assert.equal(await registries.find(stranger, id), undefined);
      assert.deepEqual(await registries.list(stranger, { limit: 10 }), []);
      assert.equal(await registries.update(stranger, id, { visibility: "public" }, BY), undefined);
      assert.equal(await registries.remove(stranger, id), false);
      assert.deepEqual(await registries.usage(stranger, id), { bytes: 0 });
      assert.deepEqual(await registries.find(ORGANIZATION.id, id), test.registry);
    });

    it("refuses a name or an id that is in use", async () => {
      const { id, name } = test.registry;
      for (const parts of [{ name }, { id }]) {
        await assert.rejects(addRegistry(test.store, parts), refusal("registry-name-taken"));
      }
      assert.deepEqual(await test.store.registries.find(ORGANIZATION.id, id), test.registry);
    });

    it("changes what is named, leaves the rest, and counts up the revision", async () => {
      const { registries } = test.store;
      const { id } = test.registry;
      const schedule = { days: ["Friday"], time: "03:00" } as const;
      const allowList = ["192.0.2.0/24"];
      const changes = { visibility: "public", schedule, allowList } as const;
      const changed = await registries.update(ORGANIZATION.id, id, changes, BY, 1);
      assert.deepEqual(changed, { ...test.registry, ...changes, modified: BY, revision: 2 });
      const rest = { isScanned: true, isProtected: true, state: "Running" } as const;
      const again = await registries.update(ORGANIZATION.id, id, rest, BY);
      assert.deepEqual(again, { ...changed, ...rest, revision: 3 });
      assert.deepEqual(await registries.find(ORGANIZATION.id, id), again);
      const off = await registries.update(ORGANIZATION.id, id, { schedule: null }, BY);
      assert.deepEqual(off, { ...again, schedule: undefined, revision: 4 });
    });

    it("changes and removes nothing when the revision is another one", async () => {
      const { registries } = test.store;
      const { id } = test.registry;
      await assert.rejects(
        registries.update(ORGANIZATION.id, id, { visibility: "public" }, BY, 2),
        refusal("registry-changed"),
      );
      await assert.rejects(registries.remove(ORGANIZATION.id, id, 2), refusal("registry-changed"));
      assert.deepEqual(await registries.find(ORGANIZATION.id, id), test.registry);
    });

    it("does not remove a registry while it is protected", async () => {
      const { id } = await addRegistry(test.store, { isProtected: true });
      const { registries } = test.store;
      await assert.rejects(registries.remove(ORGANIZATION.id, id), refusal("registry-protected"));
      await registries.update(ORGANIZATION.id, id, { isProtected: false }, BY);
      assert.equal(await registries.remove(ORGANIZATION.id, id), true);
    });

    it("removes a registry with all that it holds, and frees its name", async () => {
      const { store, registry } = test;
      const token = makeToken(registry);
      const secretHash = newSecretHash();
      const upload = makeUpload(registry);
      await store.tokens.create(token, secretHash);
      await store.uploads.create(upload, 10);
      await addBlobs(store, registry, APP, ["config", "layer"]);
      const image = imageOf("image", ["config", "layer"]);
      await pushTo(store, registry, APP, image, "v1");
      assert.equal(await store.registries.remove(ORGANIZATION.id, registry.id, 1), true);

      assert.equal(await store.registries.findByName(registry.name), undefined);
      assert.equal(await store.registries.wrappedKey(registry.id), undefined);
      assert.equal(await store.registries.remove(ORGANIZATION.id, registry.id), false);
      assert.equal(await store.tokens.findById(token.id), undefined);
      assert.equal(await store.tokens.findBySecretHash(secretHash, NOW), undefined);
      assert.equal(await store.uploads.find(registry.id, APP, upload.id), undefined);
      assert.equal(await store.repositories.exists(registry.id, APP), false);

      const successor = await addRegistry(store, { name: registry.name, id: registry.id });
      await store.tokens.create(makeToken(successor, token), secretHash);
      assert.equal(await store.blobs.find(registry.id, APP, inlineBlob("layer").digest), undefined);
      assert.deepEqual(await store.repositories.list(registry.id, { limit: 10 }), []);
      assert.deepEqual(await store.registries.usage(ORGANIZATION.id, registry.id), { bytes: 0 });
    });

    it("lists by name, page by page, and filters without regard to case", async () => {
      const { store } = test;
      const names = ["a-100", "a-2", "ab", "b_percent", "zeta"].toReversed();
      for (const name of names) {
        await addRegistry(store, { name });
      }
      assert.equal(await store.registries.remove(ORGANIZATION.id, test.registry.id), true);
      async function page(nameContains: string | undefined, after?: string, limit = 10) {
        const query = { nameContains, after, limit };
        return (await store.registries.list(ORGANIZATION.id, query)).map(({ name }) => name);
      }
      assert.deepEqual(await page(undefined), ["a-100", "a-2", "ab", "b_percent", "zeta"]);
      assert.deepEqual(await page(undefined, undefined, 2), ["a-100", "a-2"]);
      assert.deepEqual(await page(undefined, "a-2", 2), ["ab", "b_percent"]);
      assert.deepEqual(await page(undefined, "b_percent", 2), ["zeta"]);
      assert.deepEqual(await page("A"), ["a-100", "a-2", "ab", "zeta"]);
      assert.deepEqual(await page("A", "a-2", 1), ["ab"]);
      assert.deepEqual(await page("_"), ["b_percent"], "no wildcard");
      assert.deepEqual(await page("%"), [], "no wildcard");
      assert.deepEqual(await page("\\"), [], "no escape");
    });

    it("tells how many bytes a registry holds", async () => {
      const { store, registry } = test;
      const usage = async () => (await store.registries.usage(ORGANIZATION.id, registry.id)).bytes;
      assert.equal(await usage(), 0);
      await addBlobs(store, registry, APP, ["12345", "123"]);
      await addBlobs(store, registry, OTHER, ["12345"]);
      assert.equal(await usage(), 8, "a blob of two repositories counts once");
      const image = imageOf("a manifest", ["12345"]);
      await pushTo(store, registry, APP, image, "v1", "v2");
      await pushTo(store, registry, APP, image, "v3");
      assert.equal(await usage(), 18, "pushing again adds nothing");
      await pushTo(store, registry, OTHER, image);
      assert.equal(await usage(), 28);
      await store.manifests.remove(registry.id, APP, image.record.digest);
      assert.equal(await usage(), 18);
      await store.repositories.remove(registry.id, OTHER);
      assert.equal(await usage(), 8);
    });

    it("names the registries that no longer exist", async () => {
      const gone = Array.from({ length: 1200 }, newRegistryId);
      const asked = [...gone.slice(0, 700), test.registry.id, ...gone.slice(700)];
      assert.deepEqual(await test.store.registries.missing(asked), gone);
      assert.deepEqual(await test.store.registries.missing([]), []);
    });

    it("does not create a registry for an organization that is not there", async () => {
      const registry = makeRegistry({ organizationId: newOrganizationId() });
      await assert.rejects(test.store.registries.create(registry, WRAPPED_KEY));
      assert.equal(await test.store.registries.findByName(registry.name), undefined);
    });
  });
}
