import { copyFile, link, open, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { SystemClock } from "../adapters/clock/system-clock.ts";
import { DirectoryLock } from "../adapters/directory-lock/directory-lock.ts";
import { RandomIdSource } from "../adapters/id-source/random-id-source.ts";
import { FileKeyVault } from "../adapters/key-vault-file/file-key-vault.ts";
import { makeMasterKey, parseMasterKey } from "../adapters/key-vault-file/master-key.ts";
import { SqliteMetadataStore } from "../adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { readOrCreateSecretFile, readSecretFile } from "../adapters/secret-file/secret-file.ts";
import { auditEvent } from "../app/audit-event.ts";
import { type RotatedKeys, rotateMasterKey } from "../app/rotate-master-key.ts";
import type { Config } from "../config.ts";
import type { AuditEvent, Operator } from "../domain/audit.ts";
import { OperationError } from "../domain/operation-error.ts";
import { databaseFile, expectDatabase, masterKeyFile, nextMasterKeyFile } from "./storage.ts";

/** What a rotation has come to, and where the keys lie now. */
export interface Rotation extends RotatedKeys {
  readonly oldKeyId: string;
  readonly newKeyId: string;
  readonly newKeyFile: string;
  /** Absent where the old key is not the data directory's. */
  readonly oldKeyFile: string | undefined;
}

/*
 * The master key, exchanged. No server may run: it would go on with the old key and make data keys that only the old key opens, so the data
 * directory is taken alone. Where the key lies in it:
 *
 *   1  master-key.new is written, whole and durable        a crash: the next run takes this key, no third one
 *   2  one transaction wraps all keys with it              a crash: all are under the one key or all under the other, and
 *                                                          a server starts with whichever of the two fits
 *   3  master-key becomes master-key.<id>.old as well      backups from before need it
 *   4  master-key.new becomes master-key
 *
 * Where a setting names the key, 1 is the file that the operator names, and the operator does what 3 and 4 do.
 */
export async function rotate(
  config: Config,
  newKeyFile: string | undefined,
  operator: Operator,
): Promise<Rotation> {
  const { dataDir } = config;
  expectDatabase(dataDir);
  const lock = DirectoryLock.exclude(dataDir);
  if (lock === undefined) {
    throw new OperationError(
      `a server, or another command, is using ${dataDir}; stop it first: it would go on with the old master key`,
    );
  }
  try {
    const stored = await SqliteMetadataStore.open(databaseFile(dataDir));
    try {
      if (!(await stored.isMigrated())) {
        throw new OperationError(
          `${dataDir} has the schema of another version of Moorage; rotate with that version, or start this one on it first`,
        );
      }
      return config.masterKey === undefined
        ? await rotateInDataDir(dataDir, stored, newKeyFile, operator)
        : await rotateBySetting(config.masterKey, stored, newKeyFile, operator);
    } finally {
      await stored.close();
    }
  } finally {
    lock.release();
  }
}

async function rotateInDataDir(
  dataDir: string,
  stored: SqliteMetadataStore,
  given: string | undefined,
  operator: Operator,
): Promise<Rotation> {
  const currentFile = masterKeyFile(dataDir);
  const nextFile = nextMasterKeyFile(dataDir);
  const current = await readSecretFile(currentFile);
  if (current === undefined) {
    throw new OperationError(
      `${currentFile} is not there, and no setting names the master key: set MOORAGE_MASTER_KEY_FILE to where it is`,
    );
  }
  const from = new FileKeyVault(parseMasterKey(current, `the file ${currentFile}`));
  const wanted = given === undefined ? undefined : await readGiven(given);
  const next = await readOrCreateSecretFile(nextFile, () => wanted ?? makeMasterKey());
  if (wanted !== undefined && next !== wanted) {
    throw new OperationError(
      `a rotation to the key in ${nextFile} has not finished; run "moorage rotate-key" without --new-key-file first, which finishes it`,
    );
  }
  const to = new FileKeyVault(parseMasterKey(next, `the file ${nextFile}`));
  if (from.keyId === to.keyId) {
    await rm(nextFile);
    throw new OperationError("the new master key is the old one; nothing was changed");
  }
  const rotated = await rotateMasterKey(stored.instance, from, to, eventOf(operator, to));
  const oldKeyFile = `${currentFile}.${from.keyId}.old`;
  await rm(oldKeyFile, { force: true });
  await link(currentFile, oldKeyFile).catch(() => copyFile(currentFile, oldKeyFile));
  await rename(nextFile, currentFile);
  await syncDirectory(dataDir);
  const keyIds = { oldKeyId: from.keyId, newKeyId: to.keyId };
  return { ...rotated, ...keyIds, newKeyFile: currentFile, oldKeyFile };
}

async function rotateBySetting(
  current: string,
  stored: SqliteMetadataStore,
  given: string | undefined,
  operator: Operator,
): Promise<Rotation> {
  if (given === undefined) {
    throw new OperationError(
      "a setting names the master key, so --new-key-file has to say where the new one is, or is to be written to",
    );
  }
  const newKeyFile = resolve(given);
  const from = new FileKeyVault(parseMasterKey(current, "MOORAGE_MASTER_KEY"));
  const next = await readOrCreateSecretFile(newKeyFile, makeMasterKey);
  const to = new FileKeyVault(parseMasterKey(next, `the file ${newKeyFile}`));
  if (from.keyId === to.keyId) {
    throw new OperationError("the new master key is the old one; nothing was changed");
  }
  const rotated = await rotateMasterKey(stored.instance, from, to, eventOf(operator, to));
  const keyIds = { oldKeyId: from.keyId, newKeyId: to.keyId };
  return { ...rotated, ...keyIds, newKeyFile, oldKeyFile: undefined };
}

function eventOf(operator: Operator, to: FileKeyVault): AuditEvent {
  return auditEvent({ ids: new RandomIdSource(), clock: new SystemClock() }, operator, {
    action: "master-key.rotate",
    resource: { type: "master-key", name: to.keyId },
  });
}

async function readGiven(file: string): Promise<string> {
  const text = await readSecretFile(resolve(file));
  if (text === undefined) {
    throw new OperationError(
      `there is no file ${file}; expected 32 random bytes in base64, or leave --new-key-file out and a key is generated`,
    );
  }
  parseMasterKey(text, `the file ${file}`);
  return text;
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
