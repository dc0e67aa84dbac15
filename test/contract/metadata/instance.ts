import assert from "node:assert/strict";
import { NOW } from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

export function describeInstance(make: MakeMetadataStore): void {
  describe("the instance", () => {
    const test = useMetadataStore(make);

    it("keeps the first secret of a name and makes no other", async () => {
      const first = Uint8Array.from([1, 0, 255]);
      const { instance } = test.store;
      assert.deepEqual(await instance.secret("one", async () => first), first);
      const kept = await instance.secret("one", () => assert.fail("nobody needs another one"));
      assert.deepEqual(kept, first);
      const other = Uint8Array.from([2]);
      assert.deepEqual(await instance.secret("two", async () => other), other);
    });

    it("gives all who ask at once the same secret", async () => {
      const asked = Array.from({ length: 10 }, (_, number) =>
        [test.store, test.second].map(({ instance }) =>
          instance.secret("one", async () => Uint8Array.from([number])),
        ),
      ).flat();
      const [first, ...rest] = await Promise.all(asked);
      for (const secret of rest) {
        assert.deepEqual(secret, first);
      }
    });

    it("stores nothing when a secret cannot be made", async () => {
      const { instance } = test.store;
      const failure = new Error("no vault");
      await assert.rejects(
        instance.secret("one", () => Promise.reject(failure)),
        failure,
      );
      const made = Uint8Array.from([7]);
      assert.deepEqual(await instance.secret("one", async () => made), made);
    });

    it("lends a lease to one holder at a time", async () => {
      const { instance } = test.store;
      assert.equal(await instance.lease("job", "a", NOW, NOW + 10), true);
      assert.equal(await instance.lease("job", "b", NOW + 9, NOW + 19), false);
      assert.equal(await instance.lease("another", "b", NOW, NOW + 10), true);
      assert.equal(await instance.lease("job", "a", NOW + 9, NOW + 19), true, "prolonged");
      assert.equal(await instance.lease("job", "b", NOW + 18, NOW + 30), false);
      assert.equal(await instance.lease("job", "b", NOW + 19, NOW + 30), true, "run out");
      assert.equal(await instance.lease("job", "a", NOW + 19, NOW + 30), false);
    });

    it("forgets leases that have run out, and no other", async () => {
      const { instance } = test.store;
      await instance.lease("over", "a", NOW, NOW + 10);
      await instance.lease("held", "a", NOW, NOW + 11);
      assert.equal(await instance.forgetLapsed(NOW + 10), 1);
      assert.equal(await instance.forgetLapsed(NOW + 10), 0);
      assert.equal(await instance.lease("held", "b", NOW + 10, NOW + 20), false);
      assert.equal(await instance.lease("over", "b", NOW, NOW + 20), true, "as if never lent");
    });

    it("takes a lease back from its holder alone", async () => {
      const { instance } = test.store;
      await instance.lease("job", "a", NOW, NOW + 10);
      await instance.release("job", "b");
      assert.equal(await instance.lease("job", "b", NOW + 1, NOW + 10), false);
      await instance.release("job", "a");
      await instance.release("no such job", "a");
      assert.equal(await instance.lease("job", "b", NOW + 1, NOW + 10), true);
    });

    it("says that it is ready", async () => {
      assert.equal(await test.store.isReady(), true);
    });
  });
}
