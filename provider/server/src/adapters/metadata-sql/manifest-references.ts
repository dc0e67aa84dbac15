import type { Kysely } from "kysely";
import type { Digest } from "../../domain/digest.ts";
import { RegistryError } from "../../domain/errors.ts";
import type { Descriptor, Manifest } from "../../domain/manifest.ts";
import { type Placeholders, prepare } from "./prepared-query.ts";
import type { RepositoryKeys } from "./repository-locator.ts";
import type { SqlSession } from "./sql-database.ts";
import type { Tables } from "./tables.ts";

/** What a manifest refers to, with the key of the blob where the repository has one. */
export type ResolvedReferences = ReadonlyMap<Digest, number | null>;

/** Looks up what manifests refer to, and keeps it for the collector. */
export class ManifestReferences {
  readonly #queries: ReturnType<typeof prepareReferences>;

  constructor(builder: Kysely<Tables>) {
    this.#queries = prepareReferences(builder);
  }

  /** @throws RegistryError `manifest-reference-unknown`, with everything that the repository misses */
  async resolve(
    session: SqlSession,
    keys: RepositoryKeys,
    { blobs, manifests }: Manifest,
  ): Promise<ResolvedReferences> {
    const blobKeys = await this.#blobKeys(session, keys, digestsOf(blobs));
    const children = await this.#manifests(session, keys, digestsOf(manifests));
    const missing = [
      ...blobs.filter(({ digest, hasUrls }) => !(hasUrls || blobKeys.has(digest))),
      ...manifests.filter(({ digest }) => !children.has(digest)),
    ];
    if (missing.length > 0) {
      throw new RegistryError("manifest-reference-unknown", { digests: digestsOf(missing) });
    }
    return new Map(
      digestsOf([...blobs, ...manifests]).map((digest) => [digest, blobKeys.get(digest) ?? null]),
    );
  }

  async add(
    session: SqlSession,
    manifestKey: number,
    references: ResolvedReferences,
  ): Promise<void> {
    for (const [digest, blobKey] of references) {
      await this.#queries.add.run(session, { manifestKey, digest, blobKey });
    }
  }

  async #blobKeys(
    session: SqlSession,
    keys: RepositoryKeys,
    digests: readonly Digest[],
  ): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for (const digest of digests) {
      const row = await this.#queries.blob.first(session, { ...keys, digest });
      if (row !== undefined) {
        found.set(digest, row.key);
      }
    }
    return found;
  }

  async #manifests(
    session: SqlSession,
    { repositoryKey }: RepositoryKeys,
    digests: readonly Digest[],
  ): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const digest of digests) {
      const row = await this.#queries.manifest.first(session, { repositoryKey, digest });
      if (row !== undefined) {
        found.add(digest);
      }
    }
    return found;
  }
}

/** One for each digest: to build a query for as many as there are costs more than all the answers. */
function prepareReferences(builder: Kysely<Tables>) {
  return {
    blob: prepare(
      builder,
      (db, values: Placeholders<{ registryKey: number; repositoryKey: number; digest: string }>) =>
        db
          .selectFrom("blobs")
          .innerJoin("repository_blobs", "repository_blobs.blob_key", "blobs.key")
          .select("blobs.key")
          .where("blobs.registry_key", "=", values.registryKey)
          .where("blobs.digest", "=", values.digest)
          .where("repository_blobs.repository_key", "=", values.repositoryKey)
          .where("blobs.key", "not in", (damaged) =>
            damaged
              .selectFrom("damaged_blobs")
              .select("blob_key")
              .whereRef("damaged_blobs.blob_key", "=", "blobs.key"),
          ),
    ),
    manifest: prepare(
      builder,
      (db, values: Placeholders<{ repositoryKey: number; digest: string }>) =>
        db
          .selectFrom("manifests")
          .select("key")
          .where("repository_key", "=", values.repositoryKey)
          .where("digest", "=", values.digest),
    ),
    add: prepare(
      builder,
      (db, values: Placeholders<{ manifestKey: number; digest: string; blobKey: number | null }>) =>
        db.insertInto("manifest_references").values({
          manifest_key: values.manifestKey,
          digest: values.digest,
          blob_key: values.blobKey,
        }),
    ),
  };
}

function digestsOf(descriptors: readonly Descriptor[]): readonly Digest[] {
  return [...new Set(descriptors.map(({ digest }) => digest))];
}
