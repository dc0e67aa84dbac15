import assert from "node:assert/strict";
import {
  APP,
  addBlobs,
  digestFor,
  imageOf,
  inlineBlob,
  makeRegistry,
  makeScope,
  makeToken,
  makeUpload,
  NOW,
  newSecretHash,
  ORGANIZATION,
  pushTo,
  refusal,
  SIGNATURE,
  storedBlob,
  WRAPPED_KEY,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

export function describeConcurrency(make: MakeMetadataStore): void {
  describe("concurrent writers", () => {
    const test = useMetadataStore(make);

    /** Runs `work` so many times at once, on both stores in turn. */
    async function atOnce<T>(
      times: number,
      work: (store: typeof test.store, turn: number) => Promise<T>,
    ) {
      const both = [test.store, test.second];
      return Promise.allSettled(
        Array.from({ length: times }, (_, turn) => work(both[turn % 2] ?? test.store, turn)),
      );
    }

    function succeeded<T>(results: readonly PromiseSettledResult<T>[]): T[] {
      return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    }

    it("create a registry of one name exactly once", async () => {
      const results = await atOnce(10, (store) =>
        store.registries.create(makeRegistry({ name: "contested" }), WRAPPED_KEY),
      );
      assert.equal(succeeded(results).length, 1);
      for (const result of results) {
        if (result.status === "rejected") {
          refusal("registry-name-taken", { name: "contested" })(result.reason);
        }
      }
    });

    it("create a token of one name exactly once", async () => {
      const results = await atOnce(10, (store) =>
        store.tokens.create(makeToken(test.registry, { name: "contested" }), newSecretHash()),
      );
      assert.equal(succeeded(results).length, 1);
    });

    it("add twenty scopes at once, none of which is lost", async () => {
      const token = makeToken(test.registry, { scopes: [makeScope("first")] });
      await test.store.tokens.create(token, newSecretHash());
      const scopes = Array.from({ length: 20 }, (_, number) => makeScope(`scope-${number}`));
      await Promise.all(scopes.map((scope) => test.store.scopes.add(token.id, scope)));
      const found = await test.store.tokens.findById(token.id);
      assert.deepEqual(found?.scopes, [...token.scopes, ...scopes]);
    });

    it("add scopes from two processes, none of which is lost", async () => {
      const token = makeToken(test.registry);
      await test.store.tokens.create(token, newSecretHash());
      const scopes = Array.from({ length: 20 }, (_, number) => makeScope(`scope-${number}`));
      const results = await atOnce(20, (store, turn) =>
        store.scopes.add(token.id, scopes[turn] ?? assert.fail()),
      );
      assert.equal(succeeded(results).length, 20);
      const found = await test.store.tokens.findById(token.id);
      assert.deepEqual(new Set(found?.scopes), new Set(scopes));
    });

    it("change different fields of a registry without losing one", async () => {
      const { id } = test.registry;
      const changes = [
        { visibility: "public" },
        { isScanned: true },
        { allowList: ["192.0.2.1"] },
        { schedule: { days: ["Monday"], time: "01:00" } },
        { state: "Running" },
        { isProtected: true },
      ] as const;
      await atOnce(6, (store, turn) =>
        store.registries.update(ORGANIZATION.id, id, changes[turn] ?? {}, SIGNATURE),
      );
      assert.deepEqual(await test.store.registries.find(ORGANIZATION.id, id), {
        ...Object.assign({ ...test.registry }, ...changes),
        modified: SIGNATURE,
        revision: 7,
      });
    });

    it("with the same revision in hand change a registry exactly once", async () => {
      const { id } = test.registry;
      const results = await atOnce(10, (store, turn) =>
        store.registries.update(
          ORGANIZATION.id,
          id,
          { allowList: [`192.0.2.${turn}`] },
          SIGNATURE,
          1,
        ),
      );
      assert.equal(succeeded(results).length, 1);
      const [changed] = succeeded(results);
      assert.deepEqual(await test.store.registries.find(ORGANIZATION.id, id), changed);
    });

    it("commit one blob many times, and store it once", async () => {
      const { registry, store } = test;
      const results = await atOnce(10, (each) =>
        each.blobs.commit(registry.id, APP, storedBlob("layer"), undefined, NOW),
      );
      assert.equal(succeeded(results).filter((known) => known === undefined).length, 1);
      assert.equal(results.length, succeeded(results).length);
      assert.ok(await store.blobs.find(registry.id, APP, digestFor("layer")));
      const { bytes } = await store.registries.usage(ORGANIZATION.id, registry.id);
      assert.equal(bytes, "layer".length);
    });

    it("finish one upload exactly once", async () => {
      const { registry } = test;
      const upload = makeUpload(registry);
      await test.store.uploads.create(upload, 10);
      const results = await atOnce(10, (store, turn) =>
        store.blobs.commit(registry.id, APP, inlineBlob(`layer ${turn}`), upload, NOW),
      );
      assert.equal(succeeded(results).length, 1);
    });

    it("advance one upload from one offset exactly once", async () => {
      const { registry } = test;
      const upload = makeUpload(registry);
      await test.store.uploads.create(upload, 10);
      const results = await atOnce(10, (store, turn) =>
        store.uploads.advance(
          registry.id,
          upload.id,
          0,
          { offset: turn + 1, rest: undefined },
          NOW,
        ),
      );
      assert.equal(succeeded(results).filter(Boolean).length, 1);
    });

    it("hold the limit of uploads", async () => {
      const { registry } = test;
      const results = await atOnce(10, (store) => store.uploads.create(makeUpload(registry), 4));
      assert.equal(succeeded(results).length, 4);
    });

    it("push to a new repository at once, and all of it is there", async () => {
      const { registry, store } = test;
      const results = await atOnce(20, async (each, turn) => {
        await addBlobs(each, registry, APP, [`layer ${turn}`, "shared"]);
        const image = imageOf(`image ${turn}`, [`layer ${turn}`, "shared"]);
        await pushTo(each, registry, APP, image, `v${turn}`, "latest");
      });
      assert.equal(succeeded(results).length, 20);
      const tags = await store.repositories.tags(registry.id, APP, { limit: 100 });
      assert.equal(tags.length, 21);
    });

    it("lend a lease to one of many who ask", async () => {
      const results = await atOnce(10, (store, turn) =>
        store.instance.lease("job", `holder ${turn}`, NOW, NOW + 10),
      );
      assert.equal(succeeded(results).filter(Boolean).length, 1);
    });

    it("see at once what the other one has written", async () => {
      for (let turn = 0; turn < 10; turn++) {
        const registry = makeRegistry();
        await test.store.registries.create(registry, WRAPPED_KEY);
        assert.deepEqual(await test.second.registries.findByName(registry.name), registry);
        await test.second.registries.remove(ORGANIZATION.id, registry.id);
        assert.equal(await test.store.registries.findByName(registry.name), undefined);
      }
    });
  });
}
