import assert from "node:assert/strict";
import {
  APP,
  addRegistry,
  makeRegistry,
  makeUpload,
  NOW,
  newUploadId,
  OTHER,
  refusal,
  sealed,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

export function describeUploads(make: MakeMetadataStore): void {
  describe("uploads", () => {
    const test = useMetadataStore(make);

    it("are found with what was left over", async () => {
      const { store, registry } = test;
      const session = makeUpload(registry);
      await store.uploads.create(session, 10);
      assert.deepEqual(await store.uploads.find(registry.id, APP, session.id), {
        session,
        rest: undefined,
      });
      const to = { offset: 300_000, rest: sealed("the rest") };
      assert.equal(await store.uploads.advance(registry.id, session.id, 0, to, NOW + 7), true);
      assert.deepEqual(await store.uploads.find(registry.id, APP, session.id), {
        session: { ...session, offset: 300_000, touchedAt: NOW + 7 },
        rest: sealed("the rest"),
      });
      const done = { offset: 300_001, rest: undefined };
      assert.equal(await store.uploads.advance(registry.id, session.id, 300_000, done, NOW), true);
      const found = await store.uploads.find(registry.id, APP, session.id);
      assert.equal(found?.rest, undefined);
    });

    it("do not make their repository exist", async () => {
      const { store, registry } = test;
      await store.uploads.create(makeUpload(registry), 10);
      assert.equal(await store.repositories.exists(registry.id, APP), false);
    });

    it("are not reached through another repository or registry", async () => {
      const { store, registry } = test;
      const session = makeUpload(registry);
      await store.uploads.create(session, 10);
      const elsewhere = await addRegistry(store);
      const to = { offset: 1, rest: undefined };
      assert.equal(await store.uploads.find(registry.id, OTHER, session.id), undefined);
      assert.equal(await store.uploads.find(elsewhere.id, APP, session.id), undefined);
      assert.equal(await store.uploads.advance(elsewhere.id, session.id, 0, to, NOW), false);
      assert.deepEqual((await store.uploads.find(registry.id, APP, session.id))?.session, session);
    });

    it("advance only from the offset that they have", async () => {
      const { store, registry } = test;
      const { id } = makeUpload(registry);
      await store.uploads.create(makeUpload(registry, { id }), 10);
      const advance = (from: number, offset: number) =>
        store.uploads.advance(registry.id, id, from, { offset, rest: undefined }, NOW);
      assert.equal(await advance(5, 10), false);
      assert.equal(await advance(0, 10), true);
      assert.equal(await advance(0, 20), false);
      assert.equal((await store.uploads.find(registry.id, APP, id))?.session.offset, 10);
      assert.equal(
        await store.uploads.advance(
          registry.id,
          newUploadId(),
          0,
          { offset: 1, rest: undefined },
          NOW,
        ),
        false,
      );
    });

    it("are limited in number for each registry", async () => {
      const { store, registry } = test;
      const first = makeUpload(registry);
      await store.uploads.create(first, 2);
      await store.uploads.create(makeUpload(registry), 2);
      await store.uploads.create(makeUpload(await addRegistry(store)), 2);
      await assert.rejects(
        store.uploads.create(makeUpload(registry), 2),
        refusal("uploads-exhausted", { uploadsMax: 2 }),
      );
      await store.uploads.remove(first);
      await store.uploads.create(makeUpload(registry), 2);
    });

    it("are refused when their registry is gone", async () => {
      await assert.rejects(
        test.store.uploads.create(makeUpload(makeRegistry()), 10),
        refusal("registry-unknown"),
      );
    });

    it("end when they are removed", async () => {
      const { store, registry } = test;
      const session = makeUpload(registry);
      await store.uploads.create(session, 10);
      assert.equal(await store.uploads.hasEnded(session), false);
      assert.equal(await store.uploads.remove(session), true);
      assert.equal(await store.uploads.find(registry.id, APP, session.id), undefined);
      assert.equal(await store.uploads.hasEnded(session), true);
      assert.equal(await store.uploads.remove(session), false);
    });

    it("do not begin anew once they have ended, whether they were stored or not", async () => {
      const { store, registry } = test;
      const [stored, unstored] = [makeUpload(registry), makeUpload(registry)];
      assert.equal(await store.uploads.create(stored, 10), true);
      for (const session of [stored, unstored]) {
        assert.equal(await store.uploads.remove(session), true);
        assert.equal(await store.uploads.create(session, 10), false);
        assert.equal(await store.uploads.find(registry.id, APP, session.id), undefined);
      }
    });

    it("are stored once, with what they hold by then", async () => {
      const { store, registry } = test;
      const session = makeUpload(registry, { offset: 8 });
      assert.equal(await store.uploads.create(session, 10, sealed("the rest")), true);
      const again = makeUpload(registry, { id: session.id });
      assert.equal(await store.uploads.create(again, 10), false);
      assert.deepEqual(await store.uploads.find(registry.id, APP, session.id), {
        session,
        rest: sealed("the rest"),
      });
    });

    it("are forgotten to have ended from the oldest on, and no further", async () => {
      const { store, registry } = test;
      const [older, old, fresh] = [-30, -20, -10].map((ago) =>
        makeUpload(registry, { startedAt: NOW + ago }),
      );
      assert.ok(older && old && fresh);
      for (const session of [old, fresh, older]) {
        await store.uploads.remove(session);
      }
      assert.equal(await store.uploads.forgetEnded(NOW - 10, 1), 1);
      assert.equal(await store.uploads.hasEnded(older), false);
      assert.equal(await store.uploads.hasEnded(old), true);
      assert.equal(await store.uploads.forgetEnded(NOW - 10, 5), 1);
      assert.equal(await store.uploads.forgetEnded(NOW - 10, 5), 0);
      assert.equal(await store.uploads.hasEnded(fresh), true);
    });

    it("end when nobody has touched them for long, the oldest first", async () => {
      const { store, registry } = test;
      const elsewhere = await addRegistry(store);
      const old = makeUpload(elsewhere, { touchedAt: NOW - 20 });
      const older = makeUpload(registry, { touchedAt: NOW - 30 });
      const fresh = makeUpload(registry, { touchedAt: NOW - 10 });
      for (const session of [old, older, fresh]) {
        await store.uploads.create(session, 10);
      }
      assert.deepEqual(await store.uploads.removeIdle(NOW - 10, 1), [older]);
      assert.deepEqual(await store.uploads.removeIdle(NOW - 10, 5), [old]);
      assert.deepEqual(await store.uploads.removeIdle(NOW - 10, 5), []);
      assert.deepEqual((await store.uploads.find(registry.id, APP, fresh.id))?.session, fresh);
    });
  });
}
