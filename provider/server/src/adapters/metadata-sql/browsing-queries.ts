import { type Kysely, sql } from "kysely";
import { REPOSITORY_COLUMNS } from "./browsing-rows.ts";
import { type Placeholders, prepare } from "./prepared-query.ts";
import type { Tables } from "./tables.ts";

export type BrowsingQueries = ReturnType<typeof prepareBrowsingQueries>;

export function prepareBrowsingQueries(builder: Kysely<Tables>) {
  return { ...prepareLookUps(builder), ...prepareTags(builder), ...prepareCounts(builder) };
}

function prepareLookUps(builder: Kysely<Tables>) {
  return {
    repository: prepare(builder, (db, values: Placeholders<{ registryId: string; name: string }>) =>
      db
        .selectFrom("registries")
        .innerJoin("repositories", "repositories.registry_key", "registries.key")
        .select(REPOSITORY_COLUMNS)
        .where("registries.id", "=", values.registryId)
        .where("repositories.name", "=", values.name)
        .where("repositories.manifest_count", ">", sql.lit(0)),
    ),
    bytesByRegistry: prepare(
      builder,
      (db, values: Placeholders<{ organizationId: string; limit: number }>) =>
        db
          .selectFrom("organizations")
          .innerJoin("registries", "registries.organization_key", "organizations.key")
          .innerJoin("registry_usage", "registry_usage.registry_key", "registries.key")
          .select(["registries.id", "registries.name", "registry_usage.bytes"])
          .where("organizations.id", "=", values.organizationId)
          .orderBy("registries.name")
          .limit(values.limit),
    ),
  };
}

type TagsPage = { registryId: string; repository: string; after: string; limit: number };

function prepareTags(builder: Kysely<Tables>) {
  return {
    tags: prepare(builder, (db, values: Placeholders<TagsPage>) =>
      db
        .selectFrom("registries")
        .innerJoin("repositories", "repositories.registry_key", "registries.key")
        .innerJoin("tags", "tags.repository_key", "repositories.key")
        .innerJoin("manifests", "manifests.key", "tags.manifest_key")
        .innerJoin("manifest_usage", "manifest_usage.manifest_key", "tags.manifest_key")
        .select([
          "tags.name",
          "tags.updated_at",
          "tags.manifest_key",
          "manifests.digest",
          "manifests.media_type",
          "manifest_usage.last_pull_at",
        ])
        .where("registries.id", "=", values.registryId)
        .where("repositories.name", "=", values.repository)
        .where("tags.name", ">", values.after)
        .orderBy("tags.name")
        .limit(values.limit),
    ),
    /** A manifest, its children and theirs, and the blobs of all of them. */
    bytes: prepare(builder, (db, { key }: Placeholders<{ key: number }>) =>
      db
        .withRecursive("reached(key, repository_key)", (all) =>
          all
            .selectFrom("manifests")
            .select(["manifests.key", "manifests.repository_key"])
            .where("manifests.key", "=", key)
            .union(
              all
                .selectFrom("reached")
                .innerJoin("manifest_references", "manifest_references.manifest_key", "reached.key")
                .innerJoin("manifests", (join) =>
                  join
                    .onRef("manifests.repository_key", "=", "reached.repository_key")
                    .onRef("manifests.digest", "=", "manifest_references.digest"),
                )
                .select(["manifests.key", "manifests.repository_key"])
                .where("manifest_references.blob_key", "is", null),
            ),
        )
        .selectNoFrom((row) => [
          sql<number>`${row
            .selectFrom("reached")
            .innerJoin("manifests", "manifests.key", "reached.key")
            .select(sql<number>`coalesce(sum(manifests.size), 0)`.as("bytes"))} + ${row
            .selectFrom("blobs")
            .select(sql<number>`coalesce(sum(blobs.size), 0)`.as("bytes"))
            .where("blobs.key", "in", (blobs) =>
              blobs
                .selectFrom("reached")
                .innerJoin("manifest_references", "manifest_references.manifest_key", "reached.key")
                .select("manifest_references.blob_key")
                .where("manifest_references.blob_key", "is not", null),
            )}`.as("bytes"),
        ]),
    ),
  };
}

/** Counts that stop: an index is read up to `max` entries, whatever else it has. */
function prepareCounts(builder: Kysely<Tables>) {
  const count = sql<number>`count(*)`.as("count");
  return {
    countRepositories: prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; max: number }>) =>
        db
          .selectFrom((from) =>
            from
              .selectFrom("repositories")
              .select("repositories.name")
              .where("registry_key", "=", (registry) =>
                registry.selectFrom("registries").select("key").where("id", "=", values.registryId),
              )
              .where("manifest_count", ">", sql.lit(0))
              .limit(values.max)
              .as("some"),
          )
          .select(count),
    ),
    countOfRegistry: prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; max: number }>) =>
        db
          .selectFrom((from) =>
            from
              .selectFrom("manifest_usage")
              .select("manifest_usage.manifest_key")
              .where("registry_key", "=", (registry) =>
                registry.selectFrom("registries").select("key").where("id", "=", values.registryId),
              )
              .limit(values.max)
              .as("some"),
          )
          .select(count),
    ),
    countOfRepository: prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; repository: string; max: number }>) =>
        db
          .selectFrom((from) =>
            from
              .selectFrom("registries")
              .innerJoin("repositories", "repositories.registry_key", "registries.key")
              .innerJoin("manifest_usage", "manifest_usage.repository_key", "repositories.key")
              .select("manifest_usage.manifest_key")
              .where("registries.id", "=", values.registryId)
              .where("repositories.name", "=", values.repository)
              .limit(values.max)
              .as("some"),
          )
          .select(count),
    ),
  };
}
