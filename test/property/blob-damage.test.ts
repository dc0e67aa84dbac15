import assert from "node:assert/strict";
import fc from "fast-check";
import { MemoryObjectStore } from "../../provider/server/src/adapters/blob-memory/memory-object-store.ts";
import {
  FRAME_BYTES,
  frameStart,
} from "../../provider/server/src/adapters/blob-sealed/object-layout.ts";
import { SealedBlobStore } from "../../provider/server/src/adapters/blob-sealed/sealed-blob-store.ts";
import { BLOB_BLOCK_BYTES } from "../../provider/server/src/domain/limits.ts";
import { patternBytes } from "../support/byte-patterns.ts";
import { plainKeyRing } from "../support/plain-key-ring.ts";
import { newRegistryId, newStorageKey } from "../support/storage-names.ts";
import { readObject, replaceObject } from "../support/whole-object.ts";

const SIZE = 2 * BLOB_BLOCK_BYTES + 300;
const CONTENT = Buffer.from(patternBytes(SIZE));

describe("a damaged sealed object", () => {
  const objects = new MemoryObjectStore();
  const store = new SealedBlobStore(objects, plainKeyRing);
  const registryId = newRegistryId();
  const key = newStorageKey();
  let sealed: Buffer;

  before(async () => {
    await push(key);
    sealed = await readObject(objects, registryId, key);
  });

  async function push(name: typeof key): Promise<void> {
    const appender = await store.append(registryId, name, 0);
    await appender.write(new Uint8Array(CONTENT));
    await appender.finish();
    await appender.close();
  }

  /** Reads what lies under the key now; expects an error that names it, and only right bytes before. */
  async function expectRefusal(damaged: Uint8Array): Promise<number> {
    await replaceObject(objects, registryId, key, damaged);
    const { signal } = new AbortController();
    const parts: Uint8Array[] = [];
    const read = async () => {
      const range = { start: 0, end: SIZE, size: SIZE };
      for await (const part of store.read(registryId, key, range, { signal })) {
        parts.push(part);
      }
    };
    await assert.rejects(read(), (error: Error) => error.message.includes(key));
    const yielded = Buffer.concat(parts);
    assert(yielded.equals(CONTENT.subarray(0, yielded.byteLength)));
    return yielded.byteLength;
  }

  it("is found out wherever a bit was flipped, before a byte of that block is yielded", async () => {
    const total = frameStart(2) + 12 + 300 + 16;
    await fc.assert(
      fc.asyncProperty(fc.nat(total - 1), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        const damaged = Buffer.from(sealed);
        assert.equal(damaged.byteLength, total);
        damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << bit), at);
        const yielded = await expectRefusal(damaged);
        const block = Math.max(0, Math.floor((at - frameStart(0)) / FRAME_BYTES));
        assert.equal(yielded, block * BLOB_BLOCK_BYTES);
      }),
      {
        numRuns: 200,
        examples: [
          [0, 0],
          [7, 1],
          [8, 0],
          [39, 7],
          [40, 0],
          [total - 1, 0],
        ],
      },
    );
  });

  it("is found out wherever it was cut off", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.byteLength - 1), async (length) => {
        await expectRefusal(sealed.subarray(0, length));
      }),
      { numRuns: 100, examples: [[0], [40], [frameStart(1)], [frameStart(2)]] },
    );
  });

  it("is found out when frames change places, or one takes another's", async () => {
    const head = sealed.subarray(0, frameStart(0));
    const first = sealed.subarray(frameStart(0), frameStart(1));
    const second = sealed.subarray(frameStart(1), frameStart(2));
    const last = sealed.subarray(frameStart(2));
    assert.equal(await expectRefusal(Buffer.concat([head, second, first, last])), 0);
    const repeated = Buffer.concat([head, first, first, last]);
    assert.equal(await expectRefusal(repeated), BLOB_BLOCK_BYTES);
    assert.equal(await expectRefusal(Buffer.concat([head, second, last])), 0);
  });

  it("is found out when it is another blob's, of the same registry and content", async () => {
    const other = newStorageKey();
    await push(other);
    assert.equal(await expectRefusal(await readObject(objects, registryId, other)), 0);
  });

  it("is found out when its size is said to be less than it is", async () => {
    await replaceObject(objects, registryId, key, sealed);
    const size = SIZE - 1;
    const { signal } = new AbortController();
    const reading = store.read(registryId, key, { start: size - 1, end: size, size }, { signal });
    await assert.rejects(reading.next(), /is damaged/);
  });
});
