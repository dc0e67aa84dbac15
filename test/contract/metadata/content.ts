import assert from "node:assert/strict";
import type {
  ArtifactField,
  OrderedPage,
  RepositoryField,
} from "../../../provider/server/src/ports/content-browser.ts";
import {
  APP,
  addBlobs,
  addRegistry,
  digestFor,
  imageOf,
  indexOf,
  NOW,
  newOrganizationId,
  ORGANIZATION,
  OTHER,
  type Push,
  pushTo,
  repository,
  tag,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

/** All of a list in an order; a leading `-` means descending. */
function by<Field extends string>(orderBy: Field, more: Partial<OrderedPage<Field>> = {}) {
  return { orderBy, isDescending: false, offset: 0, limit: 100, ...more };
}

export function describeContent(make: MakeMetadataStore): void {
  describe("content, as it is browsed,", () => {
    const test = useMetadataStore(make);
    const PATHS = [repository("a"), repository("b/x"), repository("c-1")];
    const [A, B, C] = PATHS as [(typeof PATHS)[0], (typeof PATHS)[0], (typeof PATHS)[0]];

    function put(name: typeof A, push: Push, at: number, ...tags: string[]): Promise<void> {
      const { record, manifest } = push;
      const { id } = test.registry;
      return test.store.manifests.put(id, name, record, manifest, tags.map(tag), at);
    }

    async function names(page: OrderedPage<RepositoryField>, filter?: string): Promise<string[]> {
      const { store, registry } = test;
      const found = await store.content.repositories(registry.id, page, filter);
      return found.map(({ name }) => name);
    }

    /** Three repositories, different in every order. */
    async function pushAll(): Promise<void> {
      await put(B, imageOf("one", []), NOW + 1, "v1");
      await put(A, imageOf("one", []), NOW + 2);
      await put(A, imageOf("two", []), NOW + 3);
      await put(C, imageOf("one", []), NOW + 4);
      await put(C, imageOf("one", []), NOW + 5);
      await put(C, imageOf("one", []), NOW + 6);
      const { id: registryId } = test.registry;
      const [one, two] = [digestFor("one"), digestFor("two")];
      await test.store.usage.addPulls([
        { registryId, repository: B, digest: one, count: 5, lastAt: NOW + 10 },
        { registryId, repository: A, digest: one, count: 1, lastAt: NOW + 30 },
        { registryId, repository: A, digest: two, count: 2, lastAt: NOW + 20 },
      ]);
    }

    it("shows what was counted about a repository", async () => {
      await pushAll();
      const { store, registry } = test;
      assert.deepEqual(await store.content.repository(registry.id, A), {
        name: A,
        artifactCount: 2,
        createdAt: NOW + 2,
        pushCount: 2,
        pullCount: 3,
        lastPushedAt: NOW + 3,
        lastPulledAt: NOW + 30,
      });
      const listed = await store.content.repositories(registry.id, by("name"));
      assert.deepEqual(listed[0], await store.content.repository(registry.id, A));
      assert.equal(listed[2]?.lastPulledAt, undefined);
      assert.equal(await store.content.repository(registry.id, OTHER), undefined);
      assert.equal(await store.content.repository((await addRegistry(store)).id, A), undefined);
    });

    it("orders repositories by each field, both ways", async () => {
      await pushAll();
      const orders: Readonly<Record<RepositoryField, readonly string[]>> = {
        name: [A, B, C],
        lastPush: [B, A, C],
        lastPull: [C, B, A],
        artifactCount: [B, C, A],
        pullCount: [C, A, B],
        pushCount: [B, A, C],
      };
      for (const field of Object.keys(orders) as RepositoryField[]) {
        const expected = orders[field];
        assert.deepEqual(await names(by(field)), expected, field);
        const reversed = await names(by(field, { isDescending: true }));
        assert.deepEqual(reversed, expected.toReversed(), `-${field}`);
        const paged = await Promise.all(
          [0, 1, 2, 3].map((offset) => names(by(field, { offset, limit: 1 }))),
        );
        assert.deepEqual(paged.flat(), expected, `${field}, page by page`);
      }
    });

    it("filters repositories by a part of the name, whatever its case and characters", async () => {
      await pushAll();
      await put(repository("b_x"), imageOf("one", []), NOW + 7);
      assert.deepEqual(await names(by("name"), "B/"), [B]);
      assert.deepEqual(await names(by("lastPush"), "-"), [C]);
      assert.deepEqual(await names(by("name"), "_"), ["b_x"]);
      assert.deepEqual(await names(by("name"), "%"), []);
    });

    it("passes over repositories without a manifest, and counts as far as it is asked", async () => {
      const { store, registry } = test;
      await addBlobs(store, registry, APP, ["x"]);
      assert.deepEqual(await names(by("name")), []);
      assert.equal(await store.content.repository(registry.id, APP), undefined);
      await pushAll();
      assert.equal(await store.content.repositoryCount(registry.id, 10), 3);
      assert.equal(await store.content.repositoryCount(registry.id, 2), 2);
      assert.equal(await store.content.artifactCount(registry.id, undefined, 10), 4);
      assert.equal(await store.content.artifactCount(registry.id, undefined, 3), 3);
      assert.equal(await store.content.artifactCount(registry.id, A, 10), 2);
      assert.equal(await store.content.artifactCount(registry.id, OTHER, 10), 0);
    });

    it("shows an artifact with its tags and counts, in a list as alone", async () => {
      await pushAll();
      await put(B, imageOf("one", []), NOW + 8, "v2", "latest");
      const { store, registry } = test;
      const expected = {
        repository: B,
        digest: digestFor("one"),
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        tags: ["latest", "v1", "v2"],
        createdAt: NOW + 1,
        pushCount: 2,
        pullCount: 5,
        lastPushedAt: NOW + 8,
        lastPulledAt: NOW + 10,
      };
      const { content } = store;
      assert.deepEqual(await content.artifact(registry.id, B, digestFor("one")), expected);
      assert.deepEqual(await content.artifactsOf(registry.id, B, by("lastPush")), [expected]);
      assert.equal(await content.artifact(registry.id, B, digestFor("two")), undefined);
      assert.equal(await content.artifact(registry.id, OTHER, digestFor("one")), undefined);
      const elsewhere = await addRegistry(store);
      assert.equal(await content.artifact(elsewhere.id, B, digestFor("one")), undefined);
      assert.deepEqual(await content.artifacts(elsewhere.id, by("pullCount")), []);
    });

    it("orders artifacts by each field, of a registry and of a repository", async () => {
      await pushAll();
      const { content } = test.store;
      const { id } = test.registry;
      // As `<repository> <content>`; what is equal goes by when it first came.
      const orders: Readonly<Record<ArtifactField, readonly string[]>> = {
        lastPush: ["b/x one", "a one", "a two", "c-1 one"],
        lastPull: ["c-1 one", "b/x one", "a two", "a one"],
        pullCount: ["c-1 one", "a one", "a two", "b/x one"],
        pushCount: ["b/x one", "a one", "a two", "c-1 one"],
      };
      const texts = new Map(["one", "two"].map((text) => [digestFor(text), text]));
      for (const field of Object.keys(orders) as ArtifactField[]) {
        for (const isDescending of [false, true]) {
          const all = await content.artifacts(id, by(field, { isDescending }));
          const found = all.map((each) => `${each.repository} ${texts.get(each.digest)}`);
          const expected = isDescending ? orders[field].toReversed() : orders[field];
          assert.deepEqual(found, expected, `${field} ${isDescending}`);
          const own = await content.artifactsOf(id, A, by(field, { isDescending, limit: 1 }));
          assert.deepEqual(own, all.filter((each) => each.repository === A).slice(0, 1));
          const third = await content.artifacts(
            id,
            by(field, { isDescending, offset: 2, limit: 1 }),
          );
          assert.deepEqual(third, all.slice(2, 3));
        }
      }
    });

    it("forgets what is removed", async () => {
      await pushAll();
      const { store, registry } = test;
      await store.manifests.remove(registry.id, A, digestFor("one"));
      await store.repositories.remove(registry.id, B);
      assert.equal(await store.content.artifact(registry.id, A, digestFor("one")), undefined);
      const left = await store.content.artifacts(registry.id, by("lastPush"));
      assert.deepEqual(
        left.map((each) => each.repository),
        [A, C],
      );
      await put(A, imageOf("one", []), NOW + 50);
      const again = await store.content.artifact(registry.id, A, digestFor("one"));
      assert.deepEqual([again?.pushCount, again?.pullCount], [1, 0]);
    });

    it("shows tags page by page, with what they lead to counted once", async () => {
      const { store, registry } = test;
      await addBlobs(store, registry, APP, ["shared", "left", "right"]);
      const left = imageOf("left image", ["shared", "left"]);
      const right = imageOf("right image", ["shared", "right"]);
      const both = indexOf("an index of both", [left, right]);
      await pushTo(store, registry, APP, left, "left");
      await pushTo(store, registry, APP, right);
      await pushTo(store, registry, APP, both, "both");
      const { id: registryId } = registry;
      const { digest } = both.record;
      await store.usage.addPulls([
        { registryId, repository: APP, digest, count: 1, lastAt: NOW + 9 },
      ]);
      const size = (...texts: string[]) => texts.join("").length;
      const tags = await store.content.tags(registry.id, APP, { limit: 10 });
      assert.deepEqual(tags, [
        {
          tag: "both",
          digest: both.record.digest,
          mediaType: "application/vnd.oci.image.index.v1+json",
          bytes: size("an index of both", "left image", "right image", "shared", "left", "right"),
          pushedAt: NOW,
          pulledAt: NOW + 9,
        },
        {
          tag: "left",
          digest: left.record.digest,
          mediaType: "application/vnd.oci.image.manifest.v1+json",
          bytes: size("left image", "shared", "left"),
          pushedAt: NOW,
          pulledAt: undefined,
        },
      ]);
      const { content } = store;
      assert.deepEqual(await content.tags(registry.id, APP, { limit: 1 }), tags.slice(0, 1));
      assert.deepEqual(
        await content.tags(registry.id, APP, { after: "both", limit: 9 }),
        tags.slice(1),
      );
      assert.deepEqual(await content.tags(registry.id, OTHER, { limit: 9 }), []);
    });

    it("adds up what each registry of an organization stores", async () => {
      const { store, registry } = test;
      const second = await addRegistry(store);
      await addBlobs(store, second, APP, ["12345"]);
      const sums = await store.content.bytesByRegistry(ORGANIZATION.id, 10);
      const expected = [
        { registryId: registry.id, registryName: registry.name, bytes: 0 },
        { registryId: second.id, registryName: second.name, bytes: 5 },
      ].sort((one, other) => (one.registryName < other.registryName ? -1 : 1));
      assert.deepEqual(sums, expected);
      assert.equal((await store.content.bytesByRegistry(ORGANIZATION.id, 1)).length, 1);
      assert.deepEqual(await store.content.bytesByRegistry(newOrganizationId(), 10), []);
    });
  });
}
