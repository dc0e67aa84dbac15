import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FilesystemObjectStore } from "../provider/server/src/adapters/blob-filesystem/filesystem-object-store.ts";
import { SealedBlobStore } from "../provider/server/src/adapters/blob-sealed/sealed-blob-store.ts";
import { RandomIdSource } from "../provider/server/src/adapters/id-source/random-id-source.ts";
import { VaultKeyRing } from "../provider/server/src/adapters/key-ring/vault-key-ring.ts";
import { FileKeyVault } from "../provider/server/src/adapters/key-vault-file/file-key-vault.ts";
import { giveBack } from "../provider/server/src/domain/give-back.ts";
import type { RegistryId, StorageKey } from "../provider/server/src/domain/ids.ts";

/**
 * Writes and reads sealed blobs in a temporary directory, without HTTP and without hashing: what the storage alone costs.
 * node --conditions=@moorage/source bench/blob-store.ts [--mib 128] [--at-once 8] [--rounds 3] [--dir /tmp]
 * Start it with MALLOC_MMAP_THRESHOLD_=33554432 MALLOC_TRIM_THRESHOLD_=268435456, as the server is.
 */
const MIB = 1024 * 1024;
/** As long as what a socket delivers. */
const CHUNK_BYTES = 64 * 1024;

const { values } = parseArgs({
  options: {
    mib: { type: "string", default: "128" },
    "at-once": { type: "string", default: "8" },
    rounds: { type: "string", default: "3" },
    dir: { type: "string", default: tmpdir() },
  },
});
const bytes = Number(values.mib) * MIB;
const atOnce = Number(values["at-once"]);

const directory = await mkdtemp(join(values.dir, "moorage-bench-"));
try {
  const ids = new RandomIdSource();
  const registryId = ids.uuid<RegistryId>();
  const vault = new FileKeyVault(randomBytes(32));
  const wrapped = await vault.wrap(`registry:${registryId}`, randomBytes(32));
  const keys = new VaultKeyRing(vault, { wrappedKey: async () => wrapped });
  const objects = await FilesystemObjectStore.open(join(directory, "blobs"));
  const store = new SealedBlobStore(objects, keys);
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const count of [1, atOnce]) {
      const names = Array.from({ length: count }, () => ids.storageKey());
      const each = Math.floor(bytes / count);
      await measure(`write, ${count} at once`, each * count, () =>
        Promise.all(names.map((name) => write(store, registryId, name, each))),
      );
      await measure(`read, ${count} at once`, each * count, () =>
        Promise.all(names.map((name) => read(store, registryId, name, each))),
      );
      await store.removeRegistry(registryId);
    }
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function write(
  store: SealedBlobStore,
  registryId: RegistryId,
  key: StorageKey,
  size: number,
): Promise<void> {
  const appender = await store.append(registryId, key, 0);
  for (let left = size; left > 0; left -= CHUNK_BYTES) {
    const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, left)).fill(left & 0xff);
    await appender.write(chunk);
  }
  await appender.finish();
  await appender.close();
}

async function read(
  store: SealedBlobStore,
  registryId: RegistryId,
  key: StorageKey,
  size: number,
): Promise<void> {
  const { signal } = new AbortController();
  for await (const block of store.read(
    registryId,
    key,
    { start: 0, end: size, size },
    { signal },
  )) {
    giveBack(block);
  }
}

async function measure(name: string, total: number, work: () => Promise<unknown>): Promise<void> {
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpu = (user + system) / 1e6 / (total / MIB / 1024);
  const memory = Math.round(process.memoryUsage.rss() / MIB);
  const rate = Math.round(total / MIB / seconds);
  console.log(`${name.padEnd(18)} ${rate} MiB/s  ${cpu.toFixed(2)} CPU s/GiB  rss ${memory} MiB`);
}
