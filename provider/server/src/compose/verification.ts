import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BackupReader } from "../adapters/backup-directory/backup-reader.ts";
import { FilesystemObjectStore } from "../adapters/blob-filesystem/filesystem-object-store.ts";
import { SealedBlobStore } from "../adapters/blob-sealed/sealed-blob-store.ts";
import { SystemClock } from "../adapters/clock/system-clock.ts";
import { VaultKeyRing } from "../adapters/key-ring/vault-key-ring.ts";
import type { FileKeyVault } from "../adapters/key-vault-file/file-key-vault.ts";
import { SqliteMetadataStore } from "../adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { RowSealer } from "../adapters/row-sealer/row-sealer.ts";
import { type Verification, verifyContent } from "../app/verify-content.ts";
import type { Config } from "../config.ts";
import { OperationError } from "../domain/operation-error.ts";
import { blobDirectory, databaseFile, expectDatabase, openVault, shareDataDir } from "./storage.ts";

type Tell = (problem: string) => void;

/** Checks a data directory, also while servers run on it. */
export async function verifyDataDir(config: Config, tell: Tell): Promise<Verification> {
  const { dataDir } = config;
  expectDatabase(dataDir);
  const shared = shareDataDir(dataDir);
  try {
    const stored = await SqliteMetadataStore.open(databaseFile(dataDir));
    try {
      if (!(await stored.isMigrated())) {
        throw new OperationError(
          `${dataDir} has the schema of another version of Moorage; verify it with that version, or start this one on it first`,
        );
      }
      const vault = await openVault(config, stored);
      return await verify(stored, vault, blobDirectory(dataDir), tell);
    } finally {
      await stored.close();
    }
  } finally {
    shared.release();
  }
}

/** What is known of a backup whose master key is not at hand. */
export interface VerifiedFiles {
  readonly blobs: number;
  readonly blobBytes: number;
  readonly problems: number;
}

export interface VerifiedBackup {
  readonly path: string;
  readonly files: VerifiedFiles;
  /** Absent where the master key is not at hand, or the files are damaged already. */
  readonly content: Verification | undefined;
}

/**
 * Checks the files of a backup against its checksums and, where a master key is at hand, all content. The database is opened as a copy
 * elsewhere: a backup is never written to.
 */
export async function verifyBackup(
  config: Config,
  from: string,
  tell: Tell,
): Promise<VerifiedBackup> {
  const backup = await BackupReader.open(resolve(from));
  let problems = 0;
  for await (const problem of backup.damage()) {
    problems++;
    tell(problem);
  }
  const { blobs, blobBytes } = backup.about;
  const files = { blobs, blobBytes, problems };
  const masterKey = (await backup.masterKey()) ?? config.masterKey;
  const content =
    masterKey === undefined || problems > 0
      ? undefined
      : await verifyContentOf(backup, { ...config, masterKey }, tell);
  return { path: backup.path, files, content };
}

async function verifyContentOf(
  backup: BackupReader,
  config: Config,
  tell: Tell,
): Promise<Verification> {
  const place = await mkdtemp(join(tmpdir(), "moorage-verify-"));
  try {
    const copy = databaseFile(place);
    await copyFile(backup.metadataFile, copy);
    const stored = await SqliteMetadataStore.open(copy);
    try {
      await stored.migrate();
      const vault = await openVault(config, stored);
      return await verify(stored, vault, backup.blobDirectory, tell);
    } finally {
      await stored.close();
    }
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function verify(
  stored: SqliteMetadataStore,
  vault: FileKeyVault,
  blobs: string,
  tell: Tell,
): Promise<Verification> {
  const keys = new VaultKeyRing(vault, stored.registries);
  const parts = {
    metadata: stored,
    inventory: stored.inventory,
    blobs: new SealedBlobStore(await FilesystemObjectStore.open(blobs), keys),
    sealer: new RowSealer(keys),
    clock: new SystemClock(),
  };
  return verifyContent(parts, tell);
}
