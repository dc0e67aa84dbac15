import { type Kysely, sql } from "kysely";
import type { Digest } from "../../domain/digest.ts";
import type { RegistryId } from "../../domain/ids.ts";
import { inParts } from "../../domain/in-parts.ts";
import { VALUES_PER_QUERY_MAX } from "../../domain/limits.ts";
import { MANIFEST_MEDIA_TYPES } from "../../domain/manifest.ts";
import type { RepositoryName } from "../../domain/repository-name.ts";
import type { ArtifactField, ArtifactSummary, OrderedPage } from "../../ports/content-browser.ts";
import { execute, type Placeholders, type PreparedQuery, prepare } from "./prepared-query.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { stored } from "./stored-values.ts";
import type { ManifestUsageTable, Tables } from "./tables.ts";

type UsageRow = Omit<ManifestUsageTable, "registry_key" | "repository_key" | "promised_at">;

interface ManifestRow {
  readonly key: number;
  readonly digest: string;
  readonly media_type: string;
  readonly created_at: number;
  readonly repository: string;
}

/** What each order goes by. What never happened counts as long ago. */
const ORDERS = {
  lastPush: sql<number>`last_push_at`,
  lastPull: sql<number>`coalesce(last_pull_at, 0)`,
  pullCount: sql<number>`pull_count`,
  pushCount: sql<number>`push_count`,
} as const satisfies Record<ArtifactField, unknown>;

const USAGE_COLUMNS = [
  "manifest_usage.manifest_key",
  "manifest_usage.push_count",
  "manifest_usage.pull_count",
  "manifest_usage.last_push_at",
  "manifest_usage.last_pull_at",
] as const;

/**
 * Reads artifacts in two steps: the keys of one page, from the counts alone, and then what those manifests are. One that is removed in
 * between is missing from its page.
 */
export class ArtifactPages {
  readonly #database: SqlDatabase;
  readonly #usageOf: PreparedQuery<
    { registryId: string; repository: string; digest: string },
    UsageRow
  >;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#usageOf = prepareUsageOf(database.builder);
  }

  /** `repository`: absent for all of the registry. */
  async page(
    registryId: RegistryId,
    repository: RepositoryName | undefined,
    { orderBy, isDescending, offset, limit }: OrderedPage<ArtifactField>,
  ): Promise<readonly ArtifactSummary[]> {
    const { builder, reader } = this.#database;
    const direction = isDescending ? "desc" : "asc";
    const usages = builder.selectFrom("manifest_usage").select(USAGE_COLUMNS);
    const chosen =
      repository === undefined
        ? usages.where("registry_key", "=", (query) =>
            query.selectFrom("registries").select("key").where("id", "=", registryId),
          )
        : usages.where("repository_key", "=", (query) =>
            query
              .selectFrom("registries")
              .innerJoin("repositories", "repositories.registry_key", "registries.key")
              .select("repositories.key")
              .where("registries.id", "=", registryId)
              .where("repositories.name", "=", repository),
          );
    const ordered = chosen
      .orderBy(ORDERS[orderBy], direction)
      .orderBy("manifest_key", direction)
      .limit(limit)
      .offset(offset);
    return this.#complete((await execute(reader, ordered)).rows);
  }

  async find(
    registryId: RegistryId,
    repository: RepositoryName,
    digest: Digest,
  ): Promise<ArtifactSummary | undefined> {
    const values = { registryId, repository, digest };
    return (await this.#complete(await this.#usageOf.rows(this.#database.reader, values)))[0];
  }

  async #complete(usages: readonly UsageRow[]): Promise<readonly ArtifactSummary[]> {
    const manifests = new Map<number, ManifestRow>();
    const tags = new Map<number, string[]>();
    for (const some of inParts(usages, VALUES_PER_QUERY_MAX)) {
      const keys = some.map((usage) => usage.manifest_key);
      for (const row of await this.#manifests(keys)) {
        manifests.set(row.key, row);
      }
      for (const { manifest_key: key, name } of await this.#tags(keys)) {
        tags.set(key, [...(tags.get(key) ?? []), name]);
      }
    }
    return usages.flatMap((usage) => {
      const row = manifests.get(usage.manifest_key);
      return row === undefined ? [] : [toSummary(usage, row, tags.get(row.key) ?? [])];
    });
  }

  async #manifests(keys: readonly number[]): Promise<readonly ManifestRow[]> {
    const query = this.#database.builder
      .selectFrom("manifests")
      .innerJoin("repositories", "repositories.key", "manifests.repository_key")
      .select([
        "manifests.key",
        "manifests.digest",
        "manifests.media_type",
        "manifests.created_at",
        "repositories.name as repository",
      ])
      .where("manifests.key", "in", keys);
    return (await execute(this.#database.reader, query)).rows;
  }

  async #tags(keys: readonly number[]): Promise<readonly { manifest_key: number; name: string }[]> {
    const query = this.#database.builder
      .selectFrom("tags")
      .select(["manifest_key", "name"])
      .where("manifest_key", "in", keys);
    return (await execute(this.#database.reader, query)).rows;
  }
}

function prepareUsageOf(builder: Kysely<Tables>) {
  return prepare(
    builder,
    (db, values: Placeholders<{ registryId: string; repository: string; digest: string }>) =>
      db
        .selectFrom("registries")
        .innerJoin("repositories", "repositories.registry_key", "registries.key")
        .innerJoin("manifests", "manifests.repository_key", "repositories.key")
        .innerJoin("manifest_usage", "manifest_usage.manifest_key", "manifests.key")
        .select(USAGE_COLUMNS)
        .where("registries.id", "=", values.registryId)
        .where("repositories.name", "=", values.repository)
        .where("manifests.digest", "=", values.digest),
  );
}

function toSummary(usage: UsageRow, row: ManifestRow, tags: readonly string[]): ArtifactSummary {
  return {
    repository: stored.repositoryName(row.repository),
    digest: stored.digest(row.digest),
    mediaType: stored.oneOf(MANIFEST_MEDIA_TYPES, row.media_type),
    tags: tags.map((name) => stored.tag(name)).sort(),
    createdAt: row.created_at,
    pushCount: usage.push_count,
    pullCount: usage.pull_count,
    lastPushedAt: usage.last_push_at,
    lastPulledAt: usage.last_pull_at ?? undefined,
  };
}
