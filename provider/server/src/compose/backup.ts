import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { BackupReader } from "../adapters/backup-directory/backup-reader.ts";
import { BackupWriter } from "../adapters/backup-directory/backup-writer.ts";
import { SystemClock } from "../adapters/clock/system-clock.ts";
import { DirectoryLock } from "../adapters/directory-lock/directory-lock.ts";
import { FileKeyVault } from "../adapters/key-vault-file/file-key-vault.ts";
import { parseMasterKey } from "../adapters/key-vault-file/master-key.ts";
import { copyMetadata } from "../adapters/metadata-sqlite/metadata-copy.ts";
import { SqliteMetadataStore } from "../adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { backUp } from "../app/back-up.ts";
import type { Config } from "../config.ts";
import { OperationError } from "../domain/operation-error.ts";
import type { BackupSummary } from "../ports/backup-archive.ts";
import { databaseFile, expectDatabase, masterKeyText, shareDataDir } from "./storage.ts";

export interface BackupWishes {
  readonly withMasterKey: boolean;
  readonly usesHardLinks: boolean;
  /** How many backups are to stay; absent: all. */
  readonly keep: number | undefined;
}

export interface TakenBackup extends BackupSummary {
  readonly removed: number;
  readonly masterKeyId: string;
}

/** @throws OperationError, ConfigError */
export async function takeBackup(
  config: Config,
  to: string,
  wishes: BackupWishes,
): Promise<TakenBackup> {
  const { dataDir } = config;
  expectDatabase(dataDir);
  const target = resolve(to);
  await mkdir(target, { recursive: true, mode: 0o700 });
  const alone = DirectoryLock.exclude(target);
  if (alone === undefined) {
    throw new OperationError(
      `another backup is being made in ${target}; try again when it is done`,
    );
  }
  try {
    const shared = shareDataDir(dataDir);
    try {
      const masterKey = await currentMasterKey(config);
      const source = {
        dataDir,
        copyMetadata: (path: string) => copyMetadata(databaseFile(dataDir), path),
        masterKey: wishes.withMasterKey ? masterKey.text : undefined,
        usesHardLinks: wishes.usesHardLinks,
      };
      const writer = await BackupWriter.open(target, source, new Date(new SystemClock().now()));
      const taken = await backUp(writer);
      const removed = wishes.keep === undefined ? 0 : await writer.keepNewest(wishes.keep);
      return { ...taken, removed, masterKeyId: masterKey.id };
    } finally {
      shared.release();
    }
  } finally {
    alone.release();
  }
}

/** What a restore has put back. */
export interface RestoredBackup {
  readonly path: string;
  readonly takenAt: string;
  readonly blobs: number;
  readonly hasMasterKey: boolean;
}

/** @throws OperationError */
export async function restoreBackup(from: string, dataDir: string): Promise<RestoredBackup> {
  const backup = await BackupReader.open(resolve(from));
  await backup.restoreTo(resolve(dataDir));
  const { takenAt, blobs, hasMasterKey } = backup.about;
  return { path: backup.path, takenAt, blobs, hasMasterKey };
}

async function currentMasterKey(config: Config): Promise<{ text: string; id: string }> {
  const stored = await SqliteMetadataStore.open(databaseFile(config.dataDir));
  try {
    const text = await masterKeyText(config, stored);
    return { text, id: new FileKeyVault(parseMasterKey(text, "the master key's place")).keyId };
  } finally {
    await stored.close();
  }
}
