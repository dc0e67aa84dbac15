// What collecting garbage costs: `node --conditions=@moorage/source bench/garbage-collection.ts [manifests]`.
// 100,000 manifests of two blobs each, and half as many blobs again that nothing refers to; rows made directly, in the order of their
// pushes. Prints for how long the registry is read-only (to be below 2 s), how long other work waits at most meanwhile, and the whole run.
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { DatabaseSync } from "node:sqlite";
import { MemoryObjectStore } from "../provider/server/src/adapters/blob-memory/memory-object-store.ts";
import { SealedBlobStore } from "../provider/server/src/adapters/blob-sealed/sealed-blob-store.ts";
import { SystemClock } from "../provider/server/src/adapters/clock/system-clock.ts";
import { RandomIdSource } from "../provider/server/src/adapters/id-source/random-id-source.ts";
import { SqliteMetadataStore } from "../provider/server/src/adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { collectGarbage } from "../provider/server/src/app/collect-garbage.ts";
import { APP, addBlobs, NOW, newRunId, populate } from "../test/support/metadata-samples.ts";
import { plainKeyRing } from "../test/support/plain-key-ring.ts";
import { RecordedEvents } from "../test/support/recorded-events.ts";

const READ_ONLY_MILLISECONDS_MAX = 2000;
const BLOB_BYTES = 1_000_000;
const manifestCount = Number(process.argv[2] ?? 100_000);

const directory = await mkdtemp(join(tmpdir(), "moorage-bench-"));
try {
  const path = join(directory, "metadata.sqlite");
  const store = await SqliteMetadataStore.open(path);
  await store.migrate();
  const registry = await populate(store);
  // Makes the repository.
  await addBlobs(store, registry, APP, ["first"]);
  const garbageCount = fill(path);
  const clock = new SystemClock();
  const context = {
    metadata: store,
    blobs: new SealedBlobStore(new MemoryObjectStore(), plainKeyRing),
    clock,
    ids: new RandomIdSource(),
    events: new RecordedEvents(),
    settings: {
      locations: [],
      addressing: "path",
      domain: "localhost",
      publicUrl: "",
      readOnlyWaitMilliseconds: 10_000,
      garbageGraceMilliseconds: 24 * 60 * 60 * 1000,
    },
  } as const;
  const startedAt = clock.now();
  const asked = { id: newRunId(), registryId: registry.id, isDryRun: false, startedAt };
  const { id } = await store.collections.start(asked);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await collectGarbage(context);
  delay.disable();
  const run = await store.collections.find(registry.id, id);
  const readOnly = run?.readOnlyMilliseconds ?? Number.POSITIVE_INFINITY;
  // The blob that made the repository is garbage, too.
  const isRight = run?.phase === "succeeded" && run.blobs === garbageCount + 1;
  print("manifests", String(manifestCount));
  print("blobs, of which garbage", `${manifestCount * 3}, ${run?.blobs}`);
  print("read-only", `${readOnly} ms`);
  print("longest turn of the event loop", `${Math.round(delay.max / 1e6)} ms`);
  print("whole run", `${(run?.finishedAt ?? 0) - startedAt} ms`);
  await store.close();
  if (!isRight || readOnly > READ_ONLY_MILLISECONDS_MAX) {
    process.exitCode = 1;
  }
} finally {
  await rm(directory, { recursive: true });
}

/** Writes the rows past the server, and returns how many blobs of them are garbage. */
function fill(path: string): number {
  const database = new DatabaseSync(path);
  const { registry_key: registryKey, key: repositoryKey } = database
    .prepare("select key, registry_key from repositories")
    .get() as { registry_key: number; key: number };
  const addBlob = database.prepare(
    "insert into blobs (registry_key, digest, size, touched_at, storage_key) values (?, ?, ?, ?, ?)",
  );
  const show = database.prepare("insert into repository_blobs values (?, ?)");
  const addManifest = database.prepare(
    `insert into manifests (repository_key, digest, media_type, size, created_at, sealed)
     values (?, ?, 'application/vnd.oci.image.manifest.v1+json', 500, ?, zeroblob(550))`,
  );
  const refer = database.prepare("insert into manifest_references values (?, ?, ?)");
  database.exec("pragma foreign_keys = off; begin");
  const pushBlob = (text: string, at: number) => {
    const digest = digestOf(text);
    const key = Number(
      addBlob.run(registryKey, digest, BLOB_BYTES, at, digest.slice(7, 29)).lastInsertRowid,
    );
    show.run(repositoryKey, key);
    return { digest, key };
  };
  for (let number = 0; number < manifestCount; number++) {
    const at = NOW - manifestCount + number;
    const blobs = [pushBlob(`config ${number}`, at), pushBlob(`layer ${number}`, at)];
    pushBlob(`garbage ${number}`, at);
    const manifest = addManifest.run(repositoryKey, digestOf(`manifest ${number}`), at);
    for (const { digest, key } of blobs) {
      refer.run(manifest.lastInsertRowid, digest, key);
    }
  }
  database
    .prepare("update registry_usage set bytes = bytes + ? where registry_key = ?")
    .run(manifestCount * (3 * BLOB_BYTES + 500), registryKey);
  database.exec("commit");
  database.close();
  return manifestCount;
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function print(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(34)}${value}\n`);
}
