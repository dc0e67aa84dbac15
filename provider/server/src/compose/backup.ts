import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { BackupReader } from "../adapters/backup-directory/backup-reader.ts";
import { BackupWriter } from "../adapters/backup-directory/backup-writer.ts";
import { SystemClock } from "../adapters/clock/system-clock.ts";
import { DirectoryLock } from "../adapters/directory-lock/directory-lock.ts";
import { RandomIdSource } from "../adapters/id-source/random-id-source.ts";
import { FileKeyVault } from "../adapters/key-vault-file/file-key-vault.ts";
import { parseMasterKey } from "../adapters/key-vault-file/master-key.ts";
import { copyMetadata } from "../adapters/metadata-sqlite/metadata-copy.ts";
import { SqliteMetadataStore } from "../adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { auditEvent } from "../app/audit-event.ts";
import { backUp } from "../app/back-up.ts";
import type { Config } from "../config.ts";
import type { AuditAction, Operator } from "../domain/audit.ts";
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
  /** Why the audit log does not tell of it; absent: it does. */
  readonly unaudited: string | undefined;
}

/** @throws OperationError, ConfigError */
export async function takeBackup(
  config: Config,
  to: string,
  wishes: BackupWishes,
  operator: Operator,
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
      const unaudited = await tell(dataDir, operator, "backup.take", taken.path);
      // Earlier ones may have what this one misses, or lead to it.
      const { keep } = wishes;
      const isWhole = taken.missing.length === 0;
      const removed = isWhole && keep !== undefined ? await writer.keepNewest(keep) : 0;
      return { ...taken, removed, masterKeyId: masterKey.id, unaudited };
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
  /** How many blobs were lost already when the backup was made. */
  readonly missingBlobs: number;
  readonly unaudited: string | undefined;
}

/** @throws OperationError */
export async function restoreBackup(
  from: string,
  dataDir: string,
  operator: Operator,
): Promise<RestoredBackup> {
  const backup = await BackupReader.open(resolve(from));
  const { path } = backup;
  let unaudited: string | undefined;
  await backup.restoreTo(resolve(dataDir), async () => {
    unaudited = await tell(dataDir, operator, "backup.restore", path);
  });
  const { takenAt, blobs, hasMasterKey, missingBlobs } = backup.about;
  return { path, takenAt, blobs, hasMasterKey, missingBlobs, unaudited };
}

/**
 * Writes into the audit log of a data directory what was done with it. A backup of a disk that is full, or of an older version's data, is
 * worth having without: returns why it could not be told.
 */
async function tell(
  dataDir: string,
  operator: Operator,
  action: AuditAction,
  backup: string,
): Promise<string | undefined> {
  const parts = { ids: new RandomIdSource(), clock: new SystemClock() };
  const resource = { type: "backup", name: backup } as const;
  try {
    const stored = await SqliteMetadataStore.open(databaseFile(dataDir));
    try {
      if (!(await stored.isMigrated())) {
        return "its database has the schema of another version of Moorage";
      }
      await stored.audit.append([auditEvent(parts, operator, { action, resource })]);
      return undefined;
    } finally {
      await stored.close();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
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
