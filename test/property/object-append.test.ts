import assert from "node:assert/strict";
import fc from "fast-check";
import { FilesystemObjectStore } from "../../provider/server/src/adapters/blob-filesystem/filesystem-object-store.ts";
import { OBJECT_STAGING_BYTES } from "../../provider/server/src/domain/limits.ts";
import type { ObjectAppender } from "../../provider/server/src/ports/object-store.ts";
import { patternBytes } from "../support/byte-patterns.ts";
import { openFilesBelow } from "../support/open-descriptors.ts";
import { newRegistryId, newStorageKey } from "../support/storage-names.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { readObject } from "../support/whole-object.ts";

const CONTENT = patternBytes(6 * OBJECT_STAGING_BYTES);

/** What a writer does next: appends pieces of so many bytes, makes them durable, or dies and goes on from anywhere before. */
type Step =
  | { readonly kind: "write"; readonly pieces: readonly number[] }
  | { readonly kind: "sync" }
  | { readonly kind: "resume"; readonly fraction: number };

const pieceBytes = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 4090, max: 4100 }),
  fc.integer({ min: 1, max: 300_000 }),
  fc.integer({ min: OBJECT_STAGING_BYTES - 3, max: OBJECT_STAGING_BYTES + 3 }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      pieces: fc.array(pieceBytes, { maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("sync" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("resume" as const),
      fraction: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
);

describe("an object on a file system", () => {
  it("holds what was appended, however it was cut, synced and resumed", async () => {
    const directory = await temporaryDirectory();
    try {
      const store = await FilesystemObjectStore.open(directory.path);
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), (steps) => play(store, steps)),
        { numRuns: 60 },
      );
      assert.deepEqual(await openFilesBelow(directory.path), []);
    } finally {
      await directory.remove();
    }
  });
});

async function play(store: FilesystemObjectStore, steps: readonly Step[]): Promise<void> {
  const registryId = newRegistryId();
  const key = newStorageKey();
  let appender: ObjectAppender = await store.append(registryId, key, 0);
  let size = 0;
  let durable = 0;
  for (const next of steps) {
    if (next.kind === "write") {
      for (const bytes of next.pieces.filter((each) => size + each <= CONTENT.byteLength)) {
        await appender.write([CONTENT.slice(size, size + bytes)]);
        size += bytes;
      }
    } else if (next.kind === "sync") {
      await appender.sync();
      durable = size;
    } else {
      await appender.close();
      durable = Math.floor(durable * next.fraction);
      size = durable;
      appender = await store.append(registryId, key, size);
    }
  }
  await appender.sync();
  await appender.close();
  assert.ok((await readObject(store, registryId, key)).equals(CONTENT.subarray(0, size)));
  await store.remove(registryId, key);
}
