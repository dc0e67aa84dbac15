import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  frameBytes,
  frameStart,
} from "../../provider/server/src/adapters/blob-sealed/object-layout.ts";
import { BLOB_BLOCK_BYTES } from "../../provider/server/src/domain/limits.ts";

/** What an audit of a data directory found. */
export interface StorageAudit {
  /** Rows that refer to nothing, or to too little: one sentence each. None is what is right. */
  readonly broken: readonly string[];
  /** Files that neither a blob nor an upload names: garbage, which costs room and nothing else. */
  readonly orphans: readonly string[];
}

/** Compares a data directory's rows with each other and with its files, past the server, which may be running idle. */
export async function auditStorage(dataDir: string): Promise<StorageAudit> {
  const database = new DatabaseSync(join(dataDir, "metadata.sqlite"), { readOnly: true });
  try {
    const rows = readRows(database);
    const broken = [...rows.broken];
    for (const { name, key, registryId, bytesMin } of rows.objects) {
      const path = join(dataDir, "blobs", registryId, key.slice(0, 2), key);
      const found = await stat(path).catch(() => undefined);
      if ((found?.size ?? 0) < bytesMin) {
        broken.push(
          `${name} needs ${bytesMin} bytes in ${path}, which has ${found?.size ?? "none"}`,
        );
      }
    }
    const named = new Set(rows.objects.map(({ key }) => key));
    const files = await filesBelow(join(dataDir, "blobs"));
    return { broken, orphans: files.filter((name) => !named.has(name)) };
  } finally {
    database.close();
  }
}

interface NamedObject {
  readonly name: string;
  readonly key: string;
  readonly registryId: string;
  readonly bytesMin: number;
}

function readRows(database: DatabaseSync): { broken: string[]; objects: NamedObject[] } {
  database.exec("begin");
  const broken = database
    .prepare("pragma foreign_key_check")
    .all()
    .map((row) => `a row refers to nothing: ${JSON.stringify(row)}`);
  for (const row of database.prepare("pragma integrity_check").all()) {
    if (row["integrity_check"] !== "ok") {
      broken.push(String(row["integrity_check"]));
    }
  }
  const blobs = database.prepare(
    `select blobs.digest, blobs.size, blobs.storage_key, blobs.sealed is not null as is_inline, registries.id
       from blobs join registries on registries.key = blobs.registry_key`,
  );
  const objects: NamedObject[] = [];
  for (const row of blobs.all()) {
    const name = `blob ${row["digest"]}`;
    const key = row["storage_key"];
    if (key === null && row["is_inline"] !== 1) {
      broken.push(`${name} is nowhere`);
    } else if (key !== null) {
      const bytesMin = objectBytes(Number(row["size"]));
      objects.push({ name, key: String(key), registryId: String(row["id"]), bytesMin });
    }
  }
  const uploads = database.prepare(
    `select uploads.id as upload, durable_offset, storage_key, registries.id
       from uploads join registries on registries.key = uploads.registry_key`,
  );
  for (const row of uploads.all()) {
    const offset = Number(row["durable_offset"]);
    objects.push({
      name: `upload ${row["upload"]}`,
      key: String(row["storage_key"]),
      registryId: String(row["id"]),
      bytesMin: offset < BLOB_BLOCK_BYTES ? 0 : frameStart(Math.floor(offset / BLOB_BLOCK_BYTES)),
    });
  }
  return { broken, objects };
}

/** How long the file of a blob of `size` bytes is. */
function objectBytes(size: number): number {
  const whole = Math.floor(size / BLOB_BLOCK_BYTES);
  const rest = size % BLOB_BLOCK_BYTES;
  return frameStart(whole) + (rest === 0 ? 0 : frameBytes(whole, size));
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
