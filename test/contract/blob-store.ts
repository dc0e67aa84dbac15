import assert from "node:assert/strict";
import type { RegistryId, StorageKey } from "../../provider/server/src/domain/ids.ts";
import { BLOB_BLOCK_BYTES } from "../../provider/server/src/domain/limits.ts";
import type { BlobAppender, BlobStore } from "../../provider/server/src/ports/blob-store.ts";
import { patternBytes } from "../support/byte-patterns.ts";
import { collect, collectBytes } from "../support/collect.ts";
import { assertSameBytes } from "../support/same-bytes.ts";
import { newRegistryId, newStorageKey } from "../support/storage-names.ts";

/** A store of a test's own. */
export interface BlobStoreUnderTest {
  readonly store: BlobStore;
  /** Called when the test is over, all appenders and iterators being closed; fails when something is left open. */
  close(): Promise<void>;
}

const never = new AbortController().signal;
/** Three blocks and a bit. */
const SIZE = 3 * BLOB_BLOCK_BYTES + 1234;

/** Holds an adapter to the contract of `BlobStore`. */
export function describeBlobStore(name: string, make: () => Promise<BlobStoreUnderTest>): void {
  describe(`${name} as a blob store`, () => {
    let under: BlobStoreUnderTest;
    let store: BlobStore;
    let registryId: RegistryId;
    let key: StorageKey;

    beforeEach(async () => {
      under = await make();
      store = under.store;
      registryId = newRegistryId();
      key = newStorageKey();
    });
    afterEach(() => under.close());

    async function appending<Result>(
      offset: number,
      work: (appender: BlobAppender) => Promise<Result>,
    ): Promise<Result> {
      const appender = await store.append(registryId, key, offset);
      try {
        return await work(appender);
      } finally {
        await appender.close();
      }
    }

    async function push(bytes: Uint8Array): Promise<void> {
      await appending(0, async (appender) => {
        await appender.write(new Uint8Array(bytes));
        await appender.finish();
      });
    }

    const readAll = (size: number, start = 0, end = size) =>
      collectBytes(store.read(registryId, key, { start, end, size }, { signal: never }));

    for (const size of [0, 1, BLOB_BLOCK_BYTES - 1, BLOB_BLOCK_BYTES, BLOB_BLOCK_BYTES + 1, SIZE]) {
      it(`gives back a blob of ${size} bytes`, async () => {
        await push(patternBytes(size));
        assertSameBytes(await readAll(size), patternBytes(size));
      });
    }

    it("yields buffers that the reader may give back while it reads on", async () => {
      await push(patternBytes(SIZE));
      const parts: Buffer[] = [];
      const range = { start: 0, end: SIZE, size: SIZE };
      for await (const part of store.read(registryId, key, range, { signal: never })) {
        parts.push(Buffer.from(part));
        assert(part.buffer instanceof ArrayBuffer);
        part.buffer.transfer(0);
      }
      assertSameBytes(Buffer.concat(parts), patternBytes(SIZE));
    });

    it("serves many readers at once", async () => {
      const size = 7 * BLOB_BLOCK_BYTES + 99;
      await push(patternBytes(size));
      const reads = await Promise.all(Array.from({ length: 40 }, () => readAll(size)));
      for (const read of reads) {
        assertSameBytes(read, patternBytes(size));
      }
    });

    it("reads ranges within a block, across blocks, at the end, and of no bytes", async () => {
      const bytes = Buffer.from(patternBytes(SIZE));
      await push(bytes);
      const block = BLOB_BLOCK_BYTES;
      const ranges = [
        [10, 20],
        [block - 5, block + 5],
        [block, 2 * block],
        [block, 3 * block + 1],
        [SIZE - 1, SIZE],
        [5, 5],
        [SIZE, SIZE],
      ] as const;
      for (const [start, end] of ranges) {
        assertSameBytes(await readAll(SIZE, start, end), bytes.subarray(start, end));
      }
    });

    it("hands back at a checkpoint what is less than a block, and goes on", async () => {
      const bytes = patternBytes(SIZE);
      await appending(0, async (appender) => {
        await appender.write(bytes.slice(0, 100));
        const none = await appender.checkpoint();
        assert.deepEqual({ ...none, rest: Buffer.from(none.rest) }, at(0, bytes.slice(0, 100)));
        await appender.write(bytes.slice(100, BLOB_BLOCK_BYTES + 7));
        const one = await appender.checkpoint();
        const rest = bytes.slice(BLOB_BLOCK_BYTES, BLOB_BLOCK_BYTES + 7);
        assert.deepEqual({ ...one, rest: Buffer.from(one.rest) }, at(BLOB_BLOCK_BYTES, rest));
        await appender.write(bytes.slice(BLOB_BLOCK_BYTES + 7));
        await appender.finish();
      });
      assertSameBytes(await readAll(SIZE), bytes);
    });

    it("hands back no rest at a block's edge", async () => {
      const { offset, rest } = await appending(0, async (appender) => {
        await appender.write(patternBytes(2 * BLOB_BLOCK_BYTES));
        return appender.checkpoint();
      });
      assert.equal(offset, 2 * BLOB_BLOCK_BYTES);
      assert.equal(rest.byteLength, 0);
    });

    it("goes on from a checkpoint, whatever was written behind it and lost", async () => {
      const bytes = patternBytes(SIZE);
      const { offset, rest } = await appending(0, async (appender) => {
        await appender.write(bytes.slice(0, BLOB_BLOCK_BYTES + 50));
        const saved = await appender.checkpoint();
        await appender.write(patternBytes(2 * BLOB_BLOCK_BYTES, 99));
        return saved;
      });
      await appending(offset, async (appender) => {
        await appender.write(rest);
        await appender.write(bytes.slice(BLOB_BLOCK_BYTES + 50));
        await appender.finish();
      });
      assertSameBytes(await readAll(SIZE), bytes);
    });

    it("begins anew at offset 0", async () => {
      await push(patternBytes(SIZE, 5));
      await push(patternBytes(1000));
      assertSameBytes(await readAll(1000), patternBytes(1000));
    });

    it("takes chunks of single bytes", async () => {
      await appending(0, async (appender) => {
        for (const byte of patternBytes(5000)) {
          await appender.write(Uint8Array.of(byte));
        }
        const { rest } = await appender.checkpoint();
        assert.deepEqual(Buffer.from(rest), Buffer.from(patternBytes(5000)));
        await appender.finish();
      });
      assertSameBytes(await readAll(5000), patternBytes(5000));
    });

    it("gives back the memory of chunks that own theirs", async () => {
      const chunk = patternBytes(BLOB_BLOCK_BYTES);
      await appending(0, async (appender) => {
        await appender.write(chunk);
        await appender.finish();
      });
      assert.equal(chunk.byteLength, 0);
    });

    it("refuses to append to a blob that is too short, or not there", async () => {
      await push(patternBytes(BLOB_BLOCK_BYTES));
      await assert.rejects(store.append(registryId, key, 2 * BLOB_BLOCK_BYTES), /fewer than/);
      await assert.rejects(store.append(registryId, newStorageKey(), BLOB_BLOCK_BYTES), Error);
    });

    it("fails to read a blob that is not there", async () => {
      await assert.rejects(readAll(10), { message: new RegExp(`object ${key} of registry`) });
    });

    it("fails to read a blob that is shorter than its size, and yields its whole blocks at most", async () => {
      await push(patternBytes(2 * BLOB_BLOCK_BYTES + 10));
      const parts: Uint8Array[] = [];
      const read = async () => {
        const range = { start: 0, end: SIZE, size: SIZE };
        for await (const part of store.read(registryId, key, range, { signal: never })) {
          parts.push(part);
        }
      };
      await assert.rejects(read(), { message: new RegExp(`object ${key}`) });
      const expected = Buffer.from(patternBytes(2 * BLOB_BLOCK_BYTES));
      assertSameBytes(Buffer.concat(parts), expected);
    });

    it("stops when its consumer stops, and when the signal aborts", async () => {
      await push(patternBytes(SIZE));
      const range = { start: 0, end: SIZE, size: SIZE };
      for await (const part of store.read(registryId, key, range, { signal: never })) {
        assert(part.byteLength > 0);
        break;
      }
      const abortion = new AbortController();
      const reading = store.read(registryId, key, range, abortion);
      await reading.next();
      abortion.abort(new Error("hung up"));
      await assert.rejects(reading.next(), { message: "hung up" });
      assert.equal((await reading.next()).done, true);
    });

    it("takes nothing after it was closed, and may be closed twice and at any time", async () => {
      const appender = await store.append(registryId, key, 0);
      const write = appender.write(patternBytes(10 * BLOB_BLOCK_BYTES));
      const closed = Promise.all([appender.close(), appender.close()]);
      await Promise.allSettled([write]);
      await closed;
      await assert.rejects(appender.write(Uint8Array.of(1)), /closed/);
      await assert.rejects(appender.checkpoint(), /closed/);
      await assert.rejects(appender.finish(), /closed/);
    });

    it("removes blobs and registries, and lists what is left", async () => {
      await push(patternBytes(10));
      assert.deepEqual(await collect(store.keys(registryId)), [key]);
      assert.deepEqual(await collect(store.registries()), [registryId]);
      await store.remove(registryId, key);
      await store.remove(registryId, key);
      assert.deepEqual(await collect(store.keys(registryId)), []);
      await push(patternBytes(10));
      await store.removeRegistry(registryId);
      assert.deepEqual(await collect(store.keys(registryId)), []);
    });
  });
}

function at(offset: number, rest: Uint8Array): { offset: number; rest: Buffer } {
  return { offset, rest: Buffer.from(rest) };
}
