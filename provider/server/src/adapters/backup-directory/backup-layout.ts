import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseStorageKey, parseUuid, type RegistryId } from "../../domain/ids.ts";
import { OperationError } from "../../domain/operation-error.ts";
import type { StoredBlob } from "../../ports/backup-archive.ts";
import { codeOf, type FileSum, sumOf } from "./durable-copy.ts";

/*
 * What a directory of backups looks like:
 *
 *   <target>/
 *   ├── in-use.sqlite                 who works in here
 *   ├── blobs/<registry>/<2>/<key>    the sealed bytes, each once, whichever backups need them
 *   ├── 20261121T070515123Z/          one backup
 *   │   ├── backup.json               what it is; written last
 *   │   ├── metadata.sqlite
 *   │   ├── blobs.jsonl               a line for each blob: registry, key, bytes, sha256 of the sealed bytes
 *   │   └── master-key                only when it was asked for
 *   └── 20261121T080000000Z.partial/  one that did not finish, or is being removed
 *
 * A backup gets its name when all of it, its blobs included, is durable: a directory with such a name is whole.
 */
export const BLOBS = "blobs";
export const METADATA = "metadata.sqlite";
export const MASTER_KEY = "master-key";
export const BLOB_LIST = "blobs.jsonl";
export const ABOUT = "backup.json";
export const PARTIAL = ".partial";

const NAME = /^\d{8}T\d{9}Z$/;
const FORMAT = 1;

const fileSum = z.object({ bytes: z.number().int().min(0), sha256: z.string() });
const about = z.object({
  format: z.literal(FORMAT),
  takenAt: z.string(),
  metadata: fileSum,
  blobList: fileSum,
  blobs: z.number().int().min(0),
  blobBytes: z.number().int().min(0),
  hasMasterKey: z.boolean(),
  /** Blobs that were lost already when it was made. */
  missingBlobs: z.number().int().min(0).default(0),
});
export type AboutBackup = Omit<z.output<typeof about>, "format">;

const blobLine = z.object({
  registry: z.string().transform((text, context) => {
    const id = parseUuid<RegistryId>(text);
    return id ?? refuse(context);
  }),
  key: z.string().transform((text, context) => {
    const key = parseStorageKey(text);
    return key ?? refuse(context);
  }),
  bytes: z.number().int().min(0),
  sha256: z.string(),
});

export interface SummedBlob extends StoredBlob, FileSum {}

/** The names of the backups that are whole, the oldest first. */
export async function backupNames(target: string): Promise<readonly string[]> {
  return (await readdir(target)).filter((name) => NAME.test(name)).sort();
}

export function nameOfBackup(takenAt: Date): string {
  return takenAt.toISOString().replaceAll(/[-:.]/g, "");
}

export function blobPath(root: string, { registryId, key }: StoredBlob): string {
  return join(root, BLOBS, registryId, key.slice(0, 2), key);
}

export function formatAbout(backup: AboutBackup): string {
  return `${JSON.stringify({ format: FORMAT, ...backup }, undefined, 2)}\n`;
}

export function formatBlob({ registryId: registry, key, bytes, sha256 }: SummedBlob): string {
  return `${JSON.stringify({ registry, key, bytes, sha256 })}\n`;
}

/** @throws OperationError where there is no backup, or one that cannot be read */
export async function readAbout(backup: string): Promise<AboutBackup> {
  const path = join(backup, ABOUT);
  try {
    return about.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    const isMissing = codeOf(cause) === "ENOENT";
    const problem = isMissing ? "there is no backup in" : "this version cannot read the backup in";
    throw new OperationError(`${problem} ${backup}: ${path} says what a backup is`, { cause });
  }
}

/** @throws OperationError where the list is not the one that the backup was made with */
export async function readBlobs(
  backup: string,
  { blobList }: AboutBackup,
): Promise<readonly SummedBlob[]> {
  const path = join(backup, BLOB_LIST);
  const sum = await sumOf(path);
  if (sum.bytes !== blobList.bytes || sum.sha256 !== blobList.sha256) {
    throw new OperationError(`${path} is damaged: it is not what the backup was made with`);
  }
  const lines = (await readFile(path, "utf8")).split("\n").filter(Boolean);
  return lines.map((line) => {
    const { registry: registryId, ...blob } = blobLine.parse(JSON.parse(line));
    return { registryId, ...blob };
  });
}

function refuse(context: z.RefinementCtx): never {
  context.addIssue({ code: "custom", message: "is no such name" });
  return z.NEVER;
}
