import type { AuditEvent } from "../../domain/audit.ts";
import type { Digest } from "../../domain/digest.ts";
import { RegistryError } from "../../domain/errors.ts";
import type { Instant, RegistryId, TokenId } from "../../domain/ids.ts";
import type { Manifest } from "../../domain/manifest.ts";
import type { Reference, Tag } from "../../domain/reference.ts";
import type { RepositoryName } from "../../domain/repository-name.ts";
import type {
  FoundManifest,
  ManifestRecord,
  ManifestStore,
  Referrer,
} from "../../ports/manifest-store.ts";
import type { KeysetPage } from "../../ports/repository-store.ts";
import type { AuditWriter } from "./audit-writer.ts";
import { type ManifestQueries, prepareManifestQueries } from "./manifest-queries.ts";
import { ManifestReferences } from "./manifest-references.ts";
import { toFoundManifest, toReferrer } from "./manifest-rows.ts";
import type { RepositoryKeys, RepositoryLocator } from "./repository-locator.ts";
import type { SqlDatabase, SqlSession } from "./sql-database.ts";

export class SqlManifestStore implements ManifestStore {
  readonly #database: SqlDatabase;
  readonly #audit: AuditWriter;
  readonly #locator: RepositoryLocator;
  readonly #references: ManifestReferences;
  readonly #queries: ManifestQueries;

  constructor(database: SqlDatabase, locator: RepositoryLocator, audit: AuditWriter) {
    this.#database = database;
    this.#audit = audit;
    this.#locator = locator;
    this.#references = new ManifestReferences(database.builder);
    this.#queries = prepareManifestQueries(database.builder);
  }

  async put(
    registryId: RegistryId,
    repository: RepositoryName,
    record: ManifestRecord,
    manifest: Manifest,
    tags: readonly Tag[],
    now: Instant,
    spends?: TokenId,
    event?: AuditEvent,
  ): Promise<void> {
    await this.#database.transaction(async (session) => {
      const keys = await this.#locator.findOrCreate(session, registryId, repository, now);
      if (spends !== undefined) {
        await this.#spend(session, keys, spends);
        await this.#audit.write(session, event);
      }
      const references = await this.#references.resolve(session, keys, manifest);
      const newKey = await this.#add(session, keys, record, manifest, now);
      if (newKey !== undefined) {
        await this.#references.add(session, newKey, references);
      }
      for (const tag of tags) {
        const moved = { ...keys, tag, digest: record.digest, now };
        if ((await this.#queries.addTag.affected(session, moved)) === 0) {
          await this.#queries.moveTag.run(session, moved);
        }
      }
      const { repositoryKey } = keys;
      await this.#queries.countManifestPush.run(session, { ...keys, digest: record.digest, now });
      const added = newKey === undefined ? 0 : 1;
      await this.#queries.countPush.run(session, { repositoryKey, added, now });
    });
  }

  async find(
    registryId: RegistryId,
    repository: RepositoryName,
    reference: Reference,
  ): Promise<FoundManifest | undefined> {
    const { reader } = this.#database;
    const row =
      reference.kind === "tag"
        ? await this.#queries.byTag.first(reader, { registryId, repository, tag: reference.tag })
        : await this.#queries.byDigest.first(reader, {
            registryId,
            repository,
            digest: reference.digest,
          });
    return row && toFoundManifest(row);
  }

  async remove(
    registryId: RegistryId,
    repository: RepositoryName,
    digest: Digest,
    event?: AuditEvent,
  ): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const keys = await this.#locator.find(session, registryId, repository);
      const { repositoryKey = -1, registryKey = -1 } = keys ?? {};
      const removed = await this.#queries.remove.first(session, { repositoryKey, digest });
      if (removed === undefined) {
        return false;
      }
      await this.#queries.countRemoval.run(session, { repositoryKey });
      await this.#queries.countBytes.run(session, { registryKey, bytes: -removed.size });
      await this.#audit.write(session, event);
      return true;
    });
  }

  async removeTag(
    registryId: RegistryId,
    repository: RepositoryName,
    tag: Tag,
    event?: AuditEvent,
  ): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const keys = await this.#locator.find(session, registryId, repository);
      const { repositoryKey = -1 } = keys ?? {};
      const removed = await this.#queries.removeTag.affected(session, { repositoryKey, tag });
      await this.#audit.write(session, removed === 1 ? event : undefined);
      return removed === 1;
    });
  }

  async referrers(
    registryId: RegistryId,
    repository: RepositoryName,
    subject: Digest,
    { artifactType }: { readonly artifactType: string | undefined },
    { after = "", limit }: KeysetPage<Digest>,
  ): Promise<readonly Referrer[]> {
    const { reader } = this.#database;
    const values = { registryId, repository, subject, after, limit };
    const rows =
      artifactType === undefined
        ? await this.#queries.referrers.rows(reader, values)
        : await this.#queries.referrersOfType.rows(reader, { ...values, artifactType });
    return rows.map(toReferrer);
  }

  /** A one-time token ends with the push that it was for; whoever comes second finds it gone. */
  async #spend(session: SqlSession, { registryKey }: RepositoryKeys, id: TokenId): Promise<void> {
    if ((await this.#queries.spend.affected(session, { registryKey, id })) === 0) {
      throw new RegistryError("credentials-invalid", {});
    }
  }

  /** The new row's key; `undefined`: the repository has this manifest. */
  async #add(
    session: SqlSession,
    { registryKey, repositoryKey }: RepositoryKeys,
    record: ManifestRecord,
    manifest: Manifest,
    now: Instant,
  ): Promise<number | undefined> {
    const { subject, annotations } = manifest;
    const isListed = subject !== undefined && annotations !== undefined;
    const added = await this.#queries.add.first(session, {
      repositoryKey,
      digest: record.digest,
      mediaType: record.mediaType,
      artifactType: manifest.artifactType ?? null,
      subject: subject?.digest ?? null,
      size: record.size,
      now,
      annotations: isListed ? JSON.stringify(annotations) : null,
      sealed: record.sealed,
    });
    if (added !== undefined) {
      await this.#queries.countBytes.run(session, { registryKey, bytes: record.size });
    }
    return added?.key;
  }
}
