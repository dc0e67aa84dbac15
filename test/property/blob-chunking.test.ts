import assert from "node:assert/strict";
import fc from "fast-check";
import { MemoryObjectStore } from "../../provider/server/src/adapters/blob-memory/memory-object-store.ts";
import { SealedBlobStore } from "../../provider/server/src/adapters/blob-sealed/sealed-blob-store.ts";
import { BLOB_BLOCK_BYTES } from "../../provider/server/src/domain/limits.ts";
import type { BlobAppender } from "../../provider/server/src/ports/blob-store.ts";
import { patternBytes } from "../support/byte-patterns.ts";
import { collectBytes } from "../support/collect.ts";
import { plainKeyRing } from "../support/plain-key-ring.ts";
import { newRegistryId, newStorageKey } from "../support/storage-names.ts";

const BYTES_MAX = 4 * BLOB_BLOCK_BYTES;
const CONTENT = patternBytes(BYTES_MAX);
const never = new AbortController().signal;

/** What a caller does next: writes so many bytes, saves its place, or dies and goes on from the place it saved. */
type Step =
  | { readonly kind: "write"; readonly bytes: number }
  | { readonly kind: "save" }
  | { readonly kind: "crash" };

const chunkBytes = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.integer({ min: 1, max: 70_000 }),
  fc.integer({ min: BLOB_BLOCK_BYTES - 2, max: BLOB_BLOCK_BYTES + 2 }),
  fc.integer({ min: 1, max: 2 * BLOB_BLOCK_BYTES }),
);
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("write" as const), bytes: chunkBytes }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("save" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const) }) },
  ),
  { maxLength: 25 },
);

describe("a sealed blob", () => {
  it("is the same however it was cut, saved and resumed", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const { store, registryId, key, size } = await play(script);
        const range = { start: 0, end: size, size };
        const read = await collectBytes(store.read(registryId, key, range, { signal: never }));
        assert(read.equals(CONTENT.subarray(0, size)));
      }),
      { numRuns: 80 },
    );
  });

  it("gives any range as the slice of the whole", async () => {
    const bytes = fc.integer({ min: 0, max: BYTES_MAX });
    const store = new SealedBlobStore(new MemoryObjectStore(), plainKeyRing);
    await fc.assert(
      fc.asyncProperty(bytes, bytes, bytes, async (...numbers) => {
        const [start, end, size] = numbers.sort((a, b) => a - b) as [number, number, number];
        const registryId = newRegistryId();
        const key = newStorageKey();
        const appender = await store.append(registryId, key, 0);
        await appender.write(CONTENT.slice(0, size));
        await appender.finish();
        await appender.close();
        const range = { start, end, size };
        const read = await collectBytes(store.read(registryId, key, range, { signal: never }));
        assert(read.equals(CONTENT.subarray(start, end)));
        await store.remove(registryId, key);
      }),
      { numRuns: 80 },
    );
  });
});

/** Plays a script and finishes the blob; its content is the beginning of CONTENT. */
async function play(script: readonly Step[]) {
  const store = new SealedBlobStore(new MemoryObjectStore(), plainKeyRing);
  const registryId = newRegistryId();
  const key = newStorageKey();
  let appender: BlobAppender = await store.append(registryId, key, 0);
  let size = 0;
  let saved = { offset: 0, rest: new Uint8Array(0) };
  for (const step of script) {
    switch (step.kind) {
      case "write": {
        const chunk = CONTENT.slice(size, size + step.bytes);
        size += chunk.byteLength;
        await appender.write(chunk);
        break;
      }
      case "save": {
        const { offset, rest } = await appender.checkpoint();
        saved = { offset, rest: new Uint8Array(rest) };
        assert.equal(offset + rest.byteLength, size);
        break;
      }
      case "crash":
        await appender.close();
        appender = await store.append(registryId, key, saved.offset);
        await appender.write(new Uint8Array(saved.rest));
        size = saved.offset + saved.rest.byteLength;
        break;
    }
  }
  await appender.finish();
  await appender.close();
  return { store, registryId, key, size };
}
