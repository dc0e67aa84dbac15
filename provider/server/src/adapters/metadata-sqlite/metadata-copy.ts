import { DatabaseSync } from "node:sqlite";
import { isDigest } from "../../domain/digest.ts";
import { parseStorageKey, parseUuid, type RegistryId } from "../../domain/ids.ts";
import { COMMAND_DATABASE_BUSY_MILLISECONDS_MAX } from "../../domain/limits.ts";
import { OperationError } from "../../domain/operation-error.ts";
import type { NamedBlob } from "../../ports/backup-archive.ts";

/**
 * Copies a database, which others may be writing to, as it is at one moment, and returns the blobs that the copy names. `vacuum into` reads
 * in one transaction, which stops no writer; SQLite's online backup would start over at every commit of another process. The copy
 * has no free pages, and so nothing that was deleted. It has no uploads, whose bytes grow on, and no leases: a server on it begins with neither.
 */
export function copyMetadata(from: string, to: string): readonly NamedBlob[] {
  const source = open(from);
  try {
    source.prepare("vacuum into ?").run(to);
  } finally {
    source.close();
  }
  const copy = open(to);
  try {
    copy.exec("delete from uploads; delete from leases;");
    return storedBlobs(copy);
  } finally {
    copy.close();
  }
}

/** Those that are marked as garbage are left out: their bytes may be gone. */
function storedBlobs(copy: DatabaseSync): readonly NamedBlob[] {
  const rows = copy.prepare(
    `select registries.id, registries.name, blobs.storage_key, blobs.digest
       from blobs join registries on registries.key = blobs.registry_key
       where blobs.storage_key is not null
         and not exists (select 1 from marked_blobs where marked_blobs.blob_key = blobs.key)`,
  );
  return rows.all().map((row) => {
    const registryId = parseUuid<RegistryId>(String(row["id"]));
    const key = parseStorageKey(String(row["storage_key"]));
    const digest = String(row["digest"]);
    if (registryId === undefined || key === undefined || !isDigest(digest)) {
      throw new OperationError(
        `the database names a blob that cannot be one: ${JSON.stringify(row)}`,
      );
    }
    return { registryId, registryName: String(row["name"]), key, digest };
  });
}

function open(path: string): DatabaseSync {
  return new DatabaseSync(path, { timeout: COMMAND_DATABASE_BUSY_MILLISECONDS_MAX });
}
