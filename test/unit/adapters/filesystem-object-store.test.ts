import assert from "node:assert/strict";
import { mkdir, readdir, readFile, stat, statfs, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FilesystemObjectStore } from "../../../provider/server/src/adapters/blob-filesystem/filesystem-object-store.ts";
import { SealedBlobStore } from "../../../provider/server/src/adapters/blob-sealed/sealed-blob-store.ts";
import { isRefusal } from "../../../provider/server/src/domain/errors.ts";
import type { RegistryId, StorageKey } from "../../../provider/server/src/domain/ids.ts";
import { OBJECT_SYNC_BYTES } from "../../../provider/server/src/domain/limits.ts";
import { patternBytes } from "../../support/byte-patterns.ts";
import { collect } from "../../support/collect.ts";
import { openFilesBelow } from "../../support/open-descriptors.ts";
import { plainKeyRing } from "../../support/plain-key-ring.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";
import { newRegistryId, newStorageKey } from "../../support/storage-names.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { readObject } from "../../support/whole-object.ts";

describe("FilesystemObjectStore", () => {
  let directory: { path: string; remove: () => Promise<void> };
  let top: string;
  let store: FilesystemObjectStore;
  const registryId = newRegistryId();
  const key = newStorageKey();

  beforeEach(async () => {
    directory = await temporaryDirectory();
    top = join(directory.path, "data", "blobs");
    store = await FilesystemObjectStore.open(top);
  });
  afterEach(() => directory.remove());

  const pathOf = (name: StorageKey) => join(top, registryId, name.slice(0, 2), name);

  it("keeps a file per object that nobody but its owner may read", async () => {
    const appender = await store.append(registryId, key, 0);
    await appender.write([patternBytes(10)]);
    await appender.sync();
    await appender.close();
    assert.equal((await stat(pathOf(key))).mode & 0o777, 0o600);
    for (const path of [top, join(top, registryId), join(top, registryId, key.slice(0, 2))]) {
      assert.equal((await stat(path)).mode & 0o777, 0o700);
    }
  });

  it("writes many megabytes that arrive faster than the disk takes them", async () => {
    const size = 5 * OBJECT_SYNC_BYTES + 17;
    const bytes = patternBytes(size);
    const appender = await store.append(registryId, key, 0);
    for (let from = 0; from < size; from += 100_000) {
      await appender.write([bytes.slice(from, from + 100_000)]);
    }
    await appender.sync();
    await appender.close();
    assert((await readObject(store, registryId, key)).equals(bytes));
  });

  it("has nothing to say of its file system where that writes past the page cache", async () => {
    const events = new RecordedEvents();
    const observed = await FilesystemObjectStore.open(join(top, "observed"), events);
    for (const bytes of [3_000_000, 10, 1_048_576, 5_000_001]) {
      const name = newStorageKey();
      let at = 0;
      // As an upload in chunks does: to a page's edge or not, and on from there.
      for (const part of [Math.floor(bytes / 3), Math.floor(bytes / 2)]) {
        const appender = await observed.append(registryId, name, at);
        await appender.write([patternBytes(part), patternBytes(7)]);
        await appender.sync();
        await appender.close();
        at += part + 7;
      }
      assert.equal((await readObject(observed, registryId, name)).byteLength, at);
    }
    const refused = events.named("direct-writing-refused");
    assert.deepEqual(refused, (await isOnDisk(top)) ? [] : refused);
    assert.ok(refused.length <= 1);
  });

  it("shares directories between objects that are made at the same time", async () => {
    const keys = Array.from({ length: 30 }, newStorageKey);
    await Promise.all(
      keys.map(async (each) => {
        const appender = await store.append(registryId, each, 0);
        await appender.write([patternBytes(1000)]);
        await appender.sync();
        await appender.close();
      }),
    );
    assert.deepEqual((await collect(store.keys(registryId))).sort(), keys.sort());
  });

  it("refuses keys and registries that would lead out of its directory", async () => {
    const { signal } = new AbortController();
    for (const name of [
      "../../../../etc/passwd",
      "..",
      "",
      "a/b/c/d/e/f/g/h/i/j",
      "x".repeat(65),
    ]) {
      const bad = name as StorageKey;
      await assert.rejects(store.append(registryId, bad, 0), assert.AssertionError);
      await assert.rejects(store.open(registryId, bad, { signal }), assert.AssertionError);
      await assert.rejects(store.remove(registryId, bad), assert.AssertionError);
    }
    for (const name of ["..", "", ".", "../blobs", registryId.toUpperCase().replace(/\d/g, "A")]) {
      const bad = name as RegistryId;
      await assert.rejects(store.append(bad, key, 0), assert.AssertionError);
      await assert.rejects(store.removeRegistry(bad), assert.AssertionError);
      await assert.rejects(collect(store.keys(bad)), assert.AssertionError);
    }
    assert.deepEqual(await readdir(top), []);
  });

  it("does not list what is none of its own", async () => {
    const prefix = join(top, registryId, key.slice(0, 2));
    await mkdir(prefix, { recursive: true });
    await writeFile(join(prefix, ".nfs0001"), "");
    await writeFile(join(prefix, `zz${newStorageKey()}`), "");
    await writeFile(join(top, "lost+found"), "");
    assert.deepEqual(await collect(store.keys(registryId)), []);
    assert.deepEqual(await collect(store.registries()), [registryId]);
  });

  it("calls a full disk storage-full, and no later sync a success", async () => {
    // Every write to this device fails with ENOSPC.
    await mkdir(join(top, registryId, key.slice(0, 2)), { recursive: true });
    await symlink("/dev/full", pathOf(key));
    const appender = await store.append(registryId, key, 0);
    const piece = patternBytes(1000);
    await appender.write([piece]).catch(() => {});
    const attempts = [
      () => appender.sync(),
      () => appender.write([Uint8Array.of(1)]),
      () => appender.sync(),
    ];
    for (const attempt of attempts) {
      await assert.rejects(attempt, (error: unknown) => {
        assert(isRefusal(error, "storage-full"));
        return error.cause instanceof Error && error.cause.message.includes("ENOSPC");
      });
    }
    assert.equal(piece.byteLength, 0);
    await appender.close();
    assert.deepEqual(await openFilesBelow("/dev/full"), []);
  });

  it("holds nothing readable of what was pushed through the sealing", async () => {
    const blobs = new SealedBlobStore(store, plainKeyRing);
    const sentence = "the quick brown fox jumps over the lazy dog\n";
    const appender = await blobs.append(registryId, key, 0);
    await appender.write(new Uint8Array(Buffer.from(sentence.repeat(20_000))));
    await appender.finish();
    await appender.close();
    const file = await readFile(pathOf(key));
    assert(file.byteLength > 20_000 * sentence.length);
    for (const word of ["quick", "brown", "jumps", "lazy"]) {
      assert(!file.includes(word), `"${word}" stands in the file`);
    }
  });
});

/** Whether the directory lies on a file system that is known to write past the page cache: ext2 to ext4, XFS, Btrfs. */
async function isOnDisk(path: string): Promise<boolean> {
  const { type } = await statfs(path);
  return [0xef53, 0x58465342, 0x9123683e].includes(type);
}
