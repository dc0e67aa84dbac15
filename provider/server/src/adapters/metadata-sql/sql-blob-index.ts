import assert from "node:assert/strict";
import type { AuditEvent } from "../../domain/audit.ts";
import type { Digest } from "../../domain/digest.ts";
import { RegistryError } from "../../domain/errors.ts";
import type { Instant, RegistryId, StorageKey } from "../../domain/ids.ts";
import { inParts } from "../../domain/in-parts.ts";
import { VALUES_PER_QUERY_MAX } from "../../domain/limits.ts";
import type { RepositoryName } from "../../domain/repository-name.ts";
import type { BlobIndex, BlobLocation, BlobRecord, FoundBlob } from "../../ports/blob-index.ts";
import type { EndingUpload } from "../../ports/upload-store.ts";
import type { AuditWriter } from "./audit-writer.ts";
import { type BlobQueries, prepareBlobQueries } from "./blob-queries.ts";
import { type DamageQueries, prepareDamageQueries } from "./damage-queries.ts";
import { execute } from "./prepared-query.ts";
import type { RepositoryKeys, RepositoryLocator } from "./repository-locator.ts";
import type { SqlDatabase, SqlSession } from "./sql-database.ts";
import { stored } from "./stored-values.ts";
import type { BlobsTable } from "./tables.ts";
import { prepareEndings } from "./upload-queries.ts";

export class SqlBlobIndex implements BlobIndex {
  readonly #database: SqlDatabase;
  readonly #audit: AuditWriter;
  readonly #locator: RepositoryLocator;
  readonly #queries: BlobQueries;
  readonly #damage: DamageQueries;
  readonly #endings: ReturnType<typeof prepareEndings>;

  constructor(database: SqlDatabase, locator: RepositoryLocator, audit: AuditWriter) {
    this.#database = database;
    this.#audit = audit;
    this.#locator = locator;
    this.#queries = prepareBlobQueries(database.builder);
    this.#damage = prepareDamageQueries(database.builder);
    this.#endings = prepareEndings(database.builder);
  }

  async find(
    registryId: RegistryId,
    repository: RepositoryName,
    digest: Digest,
  ): Promise<FoundBlob | undefined> {
    return this.#find(this.#database.reader, registryId, repository, digest);
  }

  async commit(
    registryId: RegistryId,
    repository: RepositoryName,
    blob: BlobRecord,
    upload: EndingUpload | undefined,
    now: Instant,
  ): Promise<FoundBlob | undefined> {
    return this.#database.transaction(async (session) => {
      const keys = await this.#locator.findOrCreate(session, registryId, repository, now);
      if (upload !== undefined) {
        await this.#end(session, { registryId, repository, ...upload });
      }
      const newKey = await this.#add(session, keys, blob, now);
      const known =
        newKey === undefined ? await this.#touch(session, keys, blob.digest, now) : undefined;
      const key = newKey ?? known?.key ?? (await this.#displace(session, keys, blob, now));
      await this.#show(session, keys, blob.digest, key);
      return known && toFoundBlob(known);
    });
  }

  async mount(
    registryId: RegistryId,
    from: RepositoryName,
    to: RepositoryName,
    digest: Digest,
    now: Instant,
  ): Promise<BlobRecord | undefined> {
    return this.#database.transaction(async (session) => {
      const found = await this.#find(session, registryId, from, digest);
      if (found === undefined || found.isDamaged) {
        return undefined;
      }
      const keys = await this.#locator.findOrCreate(session, registryId, to, now);
      const touched = await this.#touch(session, keys, digest, now);
      await this.#show(session, keys, digest, touched?.key);
      return { digest, size: found.size, location: found.location };
    });
  }

  async holders(
    registryId: RegistryId,
    digest: Digest,
    limit: number,
  ): Promise<readonly RepositoryName[]> {
    const { reader } = this.#database;
    const rows = await this.#queries.holders.rows(reader, { registryId, digest, limit });
    return rows.map(({ name }) => stored.repositoryName(name));
  }

  async unlink(
    registryId: RegistryId,
    repository: RepositoryName,
    digest: Digest,
    event?: AuditEvent,
  ): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const keys = await this.#locator.find(session, registryId, repository);
      const isHidden =
        keys !== undefined &&
        (await this.#queries.hide.affected(session, { ...keys, digest })) === 1;
      await this.#audit.write(session, isHidden ? event : undefined);
      return isHidden;
    });
  }

  async touch(
    registryId: RegistryId,
    digests: readonly Digest[],
    now: Instant,
  ): Promise<readonly Digest[]> {
    return this.#database.transaction(async (session) => {
      const touched: Digest[] = [];
      for (const digest of digests) {
        if ((await this.#queries.touch.affected(session, { registryId, digest, now })) === 1) {
          touched.push(digest);
        }
      }
      return touched;
    });
  }

  async noteDamage(registryId: RegistryId, blob: BlobRecord, now: Instant): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const row = await this.#placed(session, registryId, blob);
      return (
        row !== undefined && (await this.#damage.note.affected(session, { ...row, now })) === 1
      );
    });
  }

  async noteSoundness(registryId: RegistryId, blob: BlobRecord): Promise<void> {
    await this.#database.transaction(async (session) => {
      const row = await this.#placed(session, registryId, blob);
      if (row !== undefined) {
        await this.#damage.forget.run(session, row);
      }
    });
  }

  async replaceBytes(registryId: RegistryId, blob: BlobRecord, by: BlobLocation): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const row = await this.#placed(session, registryId, blob);
      if (row === undefined) {
        return false;
      }
      await this.#damage.replace.run(session, { ...row, ...toColumns(by) });
      await this.#damage.forget.run(session, row);
      return true;
    });
  }

  async unreferenced(
    registryId: RegistryId,
    keys: readonly StorageKey[],
  ): Promise<readonly StorageKey[]> {
    const named = new Set<string>();
    for (const some of inParts(keys, VALUES_PER_QUERY_MAX)) {
      for (const key of await this.#named(registryId, some)) {
        named.add(key);
      }
    }
    return keys.filter((key) => !named.has(key));
  }

  async #find(
    session: SqlSession,
    registryId: RegistryId,
    repository: RepositoryName,
    digest: Digest,
  ): Promise<FoundBlob | undefined> {
    const row = await this.#queries.find.first(session, { registryId, repository, digest });
    return row && toFoundBlob(row);
  }

  async #end(
    session: SqlSession,
    { id, startedAt, ...place }: EndingUpload & { registryId: RegistryId; repository: string },
  ): Promise<void> {
    if ((await this.#endings.noteEnd.affected(session, { id, startedAt })) === 0) {
      throw new RegistryError("upload-unknown", { uploadId: id });
    }
    await this.#endings.removeRow.run(session, { id, ...place });
  }

  /** The new row's key; `undefined`: the registry has a blob of this digest. */
  #placed(session: SqlSession, registryId: RegistryId, { digest, location }: BlobRecord) {
    return this.#damage.placed.first(session, { registryId, digest, ...toColumns(location) });
  }

  async #add(
    session: SqlSession,
    { registryKey }: RepositoryKeys,
    { digest, size, location }: BlobRecord,
    now: Instant,
  ): Promise<number | undefined> {
    const added = await this.#queries.add.first(session, {
      registryKey,
      digest,
      size,
      now,
      ...toColumns(location),
    });
    if (added !== undefined) {
      await this.#queries.countBytes.run(session, { registryKey, bytes: size });
    }
    return added?.key;
  }

  /** A blob that the registry has; its client relies on it from now on. `undefined`: it is garbage, or not there. */
  async #touch(session: SqlSession, { registryKey }: RepositoryKeys, digest: Digest, now: Instant) {
    return this.#queries.touchByKey.first(session, { registryKey, digest, now });
  }

  /** Stores a blob in the place of the same content that has become garbage. */
  async #displace(
    session: SqlSession,
    keys: RepositoryKeys,
    blob: BlobRecord,
    now: Instant,
  ): Promise<number | undefined> {
    const { registryKey } = keys;
    await this.#queries.displaceMarked.run(session, { registryKey, digest: blob.digest });
    return this.#add(session, keys, blob, now);
  }

  /** Makes a blob visible in a repository. */
  async #show(
    session: SqlSession,
    { repositoryKey }: RepositoryKeys,
    digest: Digest,
    blobKey: number | undefined,
  ): Promise<void> {
    assert(blobKey !== undefined, `the blob ${digest}, which was just found, is not there`);
    await this.#queries.show.run(session, { repositoryKey, blobKey });
  }

  /** Of these storage keys, those that a row of the registry names. */
  async #named(registryId: RegistryId, keys: readonly StorageKey[]): Promise<readonly string[]> {
    const { builder, reader } = this.#database;
    // The registry is compared last: joined to its table, a planner would rather walk all of its blobs.
    const query = builder
      .selectFrom("blobs")
      .select(["storage_key", "registry_key"])
      .where("storage_key", "in", keys)
      .unionAll(
        builder
          .selectFrom("uploads")
          .select(["storage_key", "registry_key"])
          .where("storage_key", "in", keys),
      );
    const { rows } = await execute(reader, query);
    const registry = await this.#queries.registryKey.first(reader, { registryId });
    return rows.flatMap(({ storage_key: key, registry_key: registryKey }) =>
      key !== null && registryKey === registry?.key ? [key] : [],
    );
  }
}

function toColumns(location: BlobLocation) {
  return {
    storageKey: location.kind === "stored" ? location.key : null,
    sealed: location.kind === "inline" ? location.sealed : null,
  };
}

function toFoundBlob(
  row: Parameters<typeof toBlobRecord>[0] & {
    readonly touched_at: number;
    readonly noticed_at: number | null;
  },
): FoundBlob {
  return { ...toBlobRecord(row), touchedAt: row.touched_at, isDamaged: row.noticed_at !== null };
}

function toBlobRecord(
  row: Pick<BlobsTable, "digest" | "size" | "storage_key" | "sealed">,
): BlobRecord {
  const { size, storage_key: key, sealed } = row;
  const digest = stored.digest(row.digest);
  if (key !== null) {
    return { digest, size, location: { kind: "stored", key: stored.storageKey(key) } };
  }
  assert(sealed !== null, "the database holds a blob that is nowhere");
  return { digest, size, location: { kind: "inline", sealed: stored.sealed(sealed) } };
}
