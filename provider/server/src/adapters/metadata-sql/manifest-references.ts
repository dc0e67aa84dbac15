import type { Kysely } from "kysely";
import type { Digest } from "../../domain/digest.ts";
import { RegistryError } from "../../domain/errors.ts";
import { inParts } from "../../domain/in-parts.ts";
import { VALUES_PER_QUERY_MAX } from "../../domain/limits.ts";
import type { Descriptor, Manifest } from "../../domain/manifest.ts";
import { execute, type Placeholders, type PreparedQuery, prepare } from "./prepared-query.ts";
import type { RepositoryKeys } from "./repository-locator.ts";
import type { SqlSession } from "./sql-database.ts";
import type { Tables } from "./tables.ts";

/** What a manifest refers to, with the key of the blob where the repository has one. */
export type ResolvedReferences = ReadonlyMap<Digest, number | null>;

/** Looks up what manifests refer to, and keeps it for the collector. */
export class ManifestReferences {
  readonly #builder: Kysely<Tables>;
  readonly #add: PreparedQuery<
    { manifestKey: number; digest: string; blobKey: number | null },
    unknown
  >;

  constructor(builder: Kysely<Tables>) {
    this.#builder = builder;
    this.#add = prepare(
      builder,
      (db, values: Placeholders<{ manifestKey: number; digest: string; blobKey: number | null }>) =>
        db.insertInto("manifest_references").values({
          manifest_key: values.manifestKey,
          digest: values.digest,
          blob_key: values.blobKey,
        }),
    );
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
      await this.#add.run(session, { manifestKey, digest, blobKey });
    }
  }

  async #blobKeys(
    session: SqlSession,
    { registryKey, repositoryKey }: RepositoryKeys,
    digests: readonly Digest[],
  ): Promise<ReadonlyMap<string, number>> {
    const keys = new Map<string, number>();
    for (const some of inParts(digests, VALUES_PER_QUERY_MAX)) {
      const query = this.#builder
        .selectFrom("blobs")
        .innerJoin("repository_blobs", "repository_blobs.blob_key", "blobs.key")
        .select(["blobs.digest", "blobs.key"])
        .where("blobs.registry_key", "=", registryKey)
        .where("blobs.digest", "in", some)
        .where("repository_blobs.repository_key", "=", repositoryKey)
        .where("blobs.key", "not in", (damaged) =>
          damaged
            .selectFrom("damaged_blobs")
            .select("blob_key")
            .whereRef("damaged_blobs.blob_key", "=", "blobs.key"),
        );
      for (const { digest, key } of (await execute(session, query)).rows) {
        keys.set(digest, key);
      }
    }
    return keys;
  }

  async #manifests(
    session: SqlSession,
    { repositoryKey }: RepositoryKeys,
    digests: readonly Digest[],
  ): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const some of inParts(digests, VALUES_PER_QUERY_MAX)) {
      const query = this.#builder
        .selectFrom("manifests")
        .select("digest")
        .where("repository_key", "=", repositoryKey)
        .where("digest", "in", some);
      for (const { digest } of (await execute(session, query)).rows) {
        found.add(digest);
      }
    }
    return found;
  }
}

function digestsOf(descriptors: readonly Descriptor[]): readonly Digest[] {
  return [...new Set(descriptors.map(({ digest }) => digest))];
}
