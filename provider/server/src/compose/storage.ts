import { existsSync } from "node:fs";
import { join } from "node:path";
import { UNFINISHED_RESTORE } from "../adapters/backup-directory/backup-reader.ts";
import { DirectoryLock } from "../adapters/directory-lock/directory-lock.ts";
import { FileKeyVault, neededKeyId } from "../adapters/key-vault-file/file-key-vault.ts";
import { makeMasterKey, parseMasterKey } from "../adapters/key-vault-file/master-key.ts";
import { SqliteMetadataStore } from "../adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { readOrCreateSecretFile, readSecretFile } from "../adapters/secret-file/secret-file.ts";
import { ConfigError } from "../config/config-error.ts";
import type { Config } from "../config.ts";
import { OperationError } from "../domain/operation-error.ts";
import type { KeyVault } from "../ports/key-vault.ts";
import type { Meter } from "../ports/meter.ts";

/** A secret that every installation has. */
const PROBED_SECRET = "token-hash";

/** The metadata of a data directory that is in use, and what opens its keys. */
export interface OpenStorage {
  readonly stored: SqliteMetadataStore;
  readonly vault: FileKeyVault;
  close(): Promise<void>;
}

/** What a first start needs is made: the database, its schema, the master key. */
export async function openOrMakeStorage(
  config: Config,
  {
    commits,
    meter,
  }: { readonly commits: Int32Array | undefined; readonly meter: Meter | undefined },
): Promise<OpenStorage> {
  const lock = shareDataDir(config.dataDir);
  try {
    const stored = await SqliteMetadataStore.open(databaseFile(config.dataDir), commits, meter);
    await stored.migrate();
    const vault = await openVault(config, stored);
    return {
      stored,
      vault,
      async close() {
        await stored.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

export function databaseFile(dataDir: string): string {
  return join(dataDir, "metadata.sqlite");
}

export function blobDirectory(dataDir: string): string {
  return join(dataDir, "blobs");
}

export function masterKeyFile(dataDir: string): string {
  return join(dataDir, "master-key");
}

/** Where the next master key waits until everything is wrapped with it. */
export function nextMasterKeyFile(dataDir: string): string {
  return `${masterKeyFile(dataDir)}.new`;
}

/** @throws OperationError while the master key is rotated; ConfigError where a restore was cut short */
export function shareDataDir(dataDir: string): DirectoryLock {
  expectWhole(dataDir);
  const lock = DirectoryLock.share(dataDir);
  if (lock === undefined) {
    throw new OperationError(
      `the master key of ${dataDir} is being rotated; start again when "moorage rotate-key" has ended`,
    );
  }
  return lock;
}

/** @throws ConfigError */
export function expectDatabase(dataDir: string): void {
  if (!existsSync(databaseFile(dataDir))) {
    throw new ConfigError(
      `MOORAGE_DATA_DIR: ${dataDir} has no metadata.sqlite; expected the data directory of a server`,
    );
  }
  expectWhole(dataDir);
}

function expectWhole(dataDir: string): void {
  if (existsSync(join(dataDir, UNFINISHED_RESTORE))) {
    throw new ConfigError(
      `MOORAGE_DATA_DIR: ${dataDir} holds a restore that did not finish; run "moorage restore" again, which starts it over`,
    );
  }
}

/**
 * The vault with the master key that the stored keys need. While a rotation is unfinished there are two in the data directory, and
 * either may be the one.
 * @throws ConfigError where it is missing: another one that was made now would be of no use
 */
export async function openVault(config: Config, stored: SqliteMetadataStore) {
  const text = await masterKeyText(config, stored);
  const origin =
    config.masterKey === undefined
      ? `the file ${masterKeyFile(config.dataDir)}`
      : "MOORAGE_MASTER_KEY";
  const vault = new FileKeyVault(parseMasterKey(text, origin));
  const probe = await stored.instance.findSecret(PROBED_SECRET);
  if (probe !== undefined) {
    await unwrapSecret(vault, PROBED_SECRET, probe);
  }
  return vault;
}

/** @throws ConfigError where the master key is another one */
export async function unwrapSecret(vault: KeyVault, name: string, wrapped: Uint8Array) {
  try {
    return await vault.unwrap(instanceContext(name), wrapped);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`MOORAGE_MASTER_KEY: ${problem}`, { cause });
  }
}

/** What a secret of the installation is wrapped for. */
export function instanceContext(name: string): string {
  return `instance:${name}`;
}

/** The text of that key. */
export async function masterKeyText(config: Config, stored: SqliteMetadataStore): Promise<string> {
  if (config.masterKey !== undefined) {
    return config.masterKey;
  }
  const path = masterKeyFile(config.dataDir);
  const probe = await stored.instance.findSecret(PROBED_SECRET);
  if (probe === undefined) {
    return readOrCreateSecretFile(path, makeMasterKey);
  }
  const current = await readSecretFile(path);
  const next = await readSecretFile(nextMasterKeyFile(config.dataDir));
  const needed = neededKeyId(probe);
  if (next !== undefined && idOf(next, nextMasterKeyFile(config.dataDir)) === needed) {
    return next;
  }
  if (current === undefined) {
    throw new ConfigError(
      `MOORAGE_MASTER_KEY: ${path} is not there, and the database needs the master key with id ${needed}: put it there, or set MOORAGE_MASTER_KEY_FILE to where it is`,
    );
  }
  return current;
}

function idOf(text: string, origin: string): string {
  return new FileKeyVault(parseMasterKey(text, `the file ${origin}`)).keyId;
}
