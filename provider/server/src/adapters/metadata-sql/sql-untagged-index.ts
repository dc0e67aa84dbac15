import type { Kysely } from "kysely";
import type { Digest } from "../../domain/digest.ts";
import type { Instant, RegistryId, RunId } from "../../domain/ids.ts";
import { inParts } from "../../domain/in-parts.ts";
import { VALUES_PER_QUERY_MAX } from "../../domain/limits.ts";
import type { RepositoryName } from "../../domain/repository-name.ts";
import type {
  BlobReference,
  ManifestPosition,
  UntaggedIndex,
  WalkedManifests,
} from "../../ports/untagged-index.ts";
import { execute } from "./prepared-query.ts";
import type { SqlDatabase, SqlSession } from "./sql-database.ts";
import type { Tables } from "./tables.ts";
import {
  blobsOf,
  holdersOf,
  prepareUntaggedQueries,
  removal,
  type UntaggedQueries,
} from "./untagged-queries.ts";

export class SqlUntaggedIndex implements UntaggedIndex {
  readonly #database: SqlDatabase;
  readonly #builder: Kysely<Tables>;
  readonly #queries: UntaggedQueries;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#builder = database.builder;
    this.#queries = prepareUntaggedQueries(database.builder);
  }

  async walk(
    registryId: RegistryId,
    cutoff: Instant,
    after: ManifestPosition | undefined,
    limit: number,
  ): Promise<WalkedManifests> {
    const { reader } = this.#database;
    const { repositoryKey, digest } = after ?? { repositoryKey: -1, digest: "" };
    const from = { registryId, repositoryKey, digest };
    const end = await this.#queries.endOfPart.first(reader, { ...from, skipped: limit - 1 });
    const found = await this.#queries.walk.rows(reader, { ...from, limit, cutoff });
    const holders = await this.#holders(
      reader,
      found.map(({ key }) => key),
    );
    return {
      next: end && { repositoryKey: end.repository_key, digest: end.digest },
      manifests: found.map(({ key, size }) => ({ key, size, holders: holders.get(key) ?? [] })),
    };
  }

  async remove(
    registryId: RegistryId,
    runId: RunId,
    keys: readonly number[],
    cutoff: Instant,
  ): Promise<number> {
    return this.#database.transaction(async (session) => {
      const held = await this.#holders(session, keys);
      const free = keys.filter((key) => !held.has(key));
      if (free.length === 0) {
        return 0;
      }
      const { rows } = await execute(session, removal(this.#builder, registryId, free, cutoff));
      const bytes = rows.reduce((sum, { size }) => sum + size, 0);
      for (const [repositoryKey, removed] of countByRepository(rows)) {
        await this.#queries.countRemovals.run(session, { repositoryKey, removed });
      }
      await this.#queries.freeBytes.run(session, { registryId, bytes });
      await this.#queries.countRemoved.run(session, { runId, manifests: rows.length, bytes });
      return rows.length;
    });
  }

  async blobsOf(keys: readonly number[], cutoff: Instant): Promise<readonly BlobReference[]> {
    const { rows } = await execute(this.#database.reader, blobsOf(this.#builder, keys, cutoff));
    return rows.map(({ key, size, references }) => ({
      blobKey: key,
      size,
      references: references ?? 0,
    }));
  }

  async promise(
    registryId: RegistryId,
    repository: RepositoryName,
    digest: Digest,
    now: Instant,
  ): Promise<boolean> {
    return this.#database.transaction(
      async (session) =>
        (await this.#queries.promise.affected(session, { registryId, repository, digest, now })) ===
        1,
    );
  }

  async #holders(
    session: SqlSession,
    keys: readonly number[],
  ): Promise<ReadonlyMap<number, number[]>> {
    const holders = new Map<number, number[]>();
    for (const some of inParts(keys, VALUES_PER_QUERY_MAX)) {
      for (const { key, holder } of (await execute(session, holdersOf(this.#builder, some))).rows) {
        holders.set(key, [...(holders.get(key) ?? []), holder]);
      }
    }
    return holders;
  }
}

function countByRepository(rows: readonly { readonly repository_key: number }[]) {
  const counts = new Map<number, number>();
  for (const { repository_key: key } of rows) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
