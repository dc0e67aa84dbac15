import assert from "node:assert/strict";
import type { RegistryId, StorageKey } from "../../provider/server/src/domain/ids.ts";
import type { ObjectStore } from "../../provider/server/src/ports/object-store.ts";
import { patternBytes } from "../support/byte-patterns.ts";
import { collect } from "../support/collect.ts";
import { assertSameBytes } from "../support/same-bytes.ts";
import { newRegistryId, newStorageKey } from "../support/storage-names.ts";
import { readObject } from "../support/whole-object.ts";

/** A store of a test's own. */
export interface ObjectStoreUnderTest {
  readonly store: ObjectStore;
  /** Called when the test is over, all appenders and readers being closed; fails when something is left open. */
  close(): Promise<void>;
}

const never = new AbortController().signal;

/** Holds an adapter to the contract of `ObjectStore`. */
export function describeObjectStore(name: string, make: () => Promise<ObjectStoreUnderTest>): void {
  describe(`${name} as an object store`, () => {
    let under: ObjectStoreUnderTest;
    let store: ObjectStore;
    let registryId: RegistryId;
    let key: StorageKey;

    beforeEach(async () => {
      under = await make();
      store = under.store;
      registryId = newRegistryId();
      key = newStorageKey();
    });
    afterEach(() => under.close());

    async function append(offset: number, ...writes: Uint8Array[][]): Promise<void> {
      const appender = await store.append(registryId, key, offset);
      try {
        for (const pieces of writes) {
          await appender.write(pieces);
        }
        await appender.sync();
      } finally {
        await appender.close();
      }
    }

    it("gives back the pieces of all writes, one behind the other", async () => {
      const bytes = patternBytes(1_000_000);
      const pieces = [bytes.slice(0, 10), bytes.slice(10, 300_000)];
      await append(0, pieces, [bytes.slice(300_000, 300_000)], [bytes.slice(300_000)]);
      assertSameBytes(await readObject(store, registryId, key), bytes);
    });

    it("keeps an object that nothing was written to", async () => {
      await append(0);
      assert.equal((await readObject(store, registryId, key)).byteLength, 0);
      assert.deepEqual(await collect(store.keys(registryId)), [key]);
    });

    it("writes more pieces at once than one system call takes", async () => {
      const pieces = Array.from({ length: 3000 }, (_, index) => Uint8Array.of(index % 251));
      const expected = Buffer.concat(pieces);
      await append(0, pieces);
      assertSameBytes(await readObject(store, registryId, key), expected);
    });

    it("goes on where an earlier append ended", async () => {
      const bytes = patternBytes(50_000);
      await append(0, [bytes.slice(0, 20_001)]);
      await append(20_001, [bytes.slice(20_001)]);
      assertSameBytes(await readObject(store, registryId, key), bytes);
    });

    it("cuts off what lies behind the offset of a new append", async () => {
      await append(0, [patternBytes(50_000)]);
      await append(20_000, [Uint8Array.of(1, 2, 3)]);
      const expected = Buffer.concat([
        patternBytes(50_000).subarray(0, 20_000),
        Buffer.of(1, 2, 3),
      ]);
      assertSameBytes(await readObject(store, registryId, key), expected);
      await append(0);
      assert.equal((await readObject(store, registryId, key)).byteLength, 0);
    });

    it("refuses to append behind the end of an object", async () => {
      await append(0, [patternBytes(100)]);
      await assert.rejects(store.append(registryId, key, 101), {
        message: new RegExp(`object ${key} .* fewer than the 101`),
      });
      await assert.rejects(store.append(registryId, newStorageKey(), 1), Error);
    });

    it("gives back the memory of pieces that own theirs, once they are written", async () => {
      const own = patternBytes(70_000);
      const shared = patternBytes(1000);
      await append(0, [own, shared.subarray(1)]);
      assert.equal(own.byteLength, 0);
      assert.equal(shared.byteLength, 1000);
    });

    it("reads from any position, and less than asked for only at the end", async () => {
      const bytes = patternBytes(10_000);
      await append(0, [bytes.slice()]);
      const reader = await store.open(registryId, key, { signal: never });
      const into = new Uint8Array(4000);
      const other = new Uint8Array(10);
      const lengths = await Promise.all([reader.read(into, 7000), reader.read(other, 5)]);
      assert.deepEqual(lengths, [3000, 10]);
      assert.deepEqual(into.subarray(0, 3000), bytes.subarray(7000));
      assert.deepEqual(other, bytes.subarray(5, 15));
      assert.equal(await reader.read(into, 10_000), 0);
      assert.equal(await reader.read(into, 20_000), 0);
      await reader.close();
    });

    it("names the object that is not there to be read", async () => {
      await assert.rejects(store.open(registryId, key, { signal: never }), {
        message: new RegExp(`object ${key} of registry ${registryId} is not in`),
      });
    });

    it("stops reading when the signal aborts", async () => {
      await append(0, [patternBytes(1000)]);
      const abortion = new AbortController();
      const reader = await store.open(registryId, key, { signal: abortion.signal });
      abortion.abort(new Error("hung up"));
      await assert.rejects(reader.read(new Uint8Array(10), 0), { message: "hung up" });
      await reader.close();
      await assert.rejects(store.open(registryId, key, abortion), { message: "hung up" });
    });

    it("takes nothing after it was closed, and may be closed twice and at any time", async () => {
      const appender = await store.append(registryId, key, 0);
      const writes = Array.from({ length: 40 }, () => appender.write([patternBytes(100_000)]));
      const closed = Promise.all([appender.close(), appender.close()]);
      await Promise.allSettled(writes);
      await closed;
      await assert.rejects(appender.write([Uint8Array.of(1)]), /closed/);
      await assert.rejects(appender.sync(), /closed/);

      const reader = await store.open(registryId, key, { signal: never });
      const reading = reader.read(new Uint8Array(1000), 0);
      await Promise.all([reader.close(), reader.close(), reading]);
      await assert.rejects(reader.read(new Uint8Array(10), 0), /closed/);
    });

    it("removes an object, and does not mind one that is not there", async () => {
      await append(0, [patternBytes(10)]);
      await store.remove(registryId, key);
      await store.remove(registryId, key);
      await store.remove(newRegistryId(), key);
      assert.deepEqual(await collect(store.keys(registryId)), []);
      await assert.rejects(store.open(registryId, key, { signal: never }), Error);
    });

    it("keeps registries apart", async () => {
      await append(0, [patternBytes(10)]);
      const other = newRegistryId();
      assert.deepEqual(await collect(store.keys(other)), []);
      await assert.rejects(store.open(other, key, { signal: never }), Error);
    });

    it("lists the keys and the registries that it holds", async () => {
      const keys = [key, newStorageKey(), newStorageKey()];
      for (const each of keys) {
        await (await store.append(registryId, each, 0)).close();
      }
      const other = newRegistryId();
      await (await store.append(other, key, 0)).close();
      assert.deepEqual((await collect(store.keys(registryId))).sort(), [...keys].sort());
      assert.deepEqual((await collect(store.registries())).sort(), [registryId, other].sort());
    });

    it("stops listing when its consumer does", async () => {
      for (const each of [key, newStorageKey()]) {
        await (await store.append(registryId, each, 0)).close();
      }
      for await (const found of store.keys(registryId)) {
        assert.equal(typeof found, "string");
        break;
      }
      for await (const found of store.registries()) {
        assert.equal(found, registryId);
        break;
      }
    });

    it("tells objects that nobody wrote to since a given time", async () => {
      await append(0, [patternBytes(10)]);
      const list = (writtenBefore: number) => collect(store.keys(registryId, { writtenBefore }));
      assert.deepEqual(await list(Date.now() - 60_000), []);
      assert.deepEqual(await list(Date.now() + 60_000), [key]);
    });

    it("removes a registry with all that it holds, and no other", async () => {
      await append(0, [patternBytes(10)]);
      const other = newRegistryId();
      await (await store.append(other, key, 0)).close();
      await store.removeRegistry(registryId);
      await store.removeRegistry(registryId);
      assert.deepEqual(await collect(store.keys(registryId)), []);
      assert.deepEqual(await collect(store.registries()), [other]);
      await append(0, [Uint8Array.of(7)]);
      assertSameBytes(await readObject(store, registryId, key), Buffer.of(7));
    });
  });
}
