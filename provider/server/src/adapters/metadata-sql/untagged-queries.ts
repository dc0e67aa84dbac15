import { type ExpressionBuilder, type Kysely, sql } from "kysely";
import { type Placeholders, prepare } from "./prepared-query.ts";
import type { Tables } from "./tables.ts";

export type UntaggedQueries = ReturnType<typeof prepareUntaggedQueries>;

/** Manifests of a registry behind one position. */
export type ManifestsFrom = { registryId: string; repositoryKey: number; digest: string };

export function prepareUntaggedQueries(builder: Kysely<Tables>) {
  return { ...prepareSearch(builder), ...prepareCounts(builder) };
}

function prepareSearch(builder: Kysely<Tables>) {
  return {
    /** The last manifest of a part of the walk that has `skipped` manifests and one more. */
    endOfPart: prepare(builder, (db, values: Placeholders<ManifestsFrom & { skipped: number }>) =>
      manifestsFrom(db, values)
        .select(["manifests.repository_key", "manifests.digest"])
        .orderBy("manifests.repository_key")
        .orderBy("manifests.digest")
        .limit(sql<number>`1`)
        .offset(values.skipped),
    ),
    walk: prepare(
      builder,
      (db, values: Placeholders<ManifestsFrom & { limit: number; cutoff: number }>) =>
        db
          .selectFrom(
            manifestsFrom(db, values)
              .select("manifests.key")
              .orderBy("manifests.repository_key")
              .orderBy("manifests.digest")
              .limit(values.limit)
              .as("part"),
          )
          .innerJoin("manifests", "manifests.key", "part.key")
          .select(["manifests.key", "manifests.size"])
          .where((row) => isUntagged(row))
          .where((row) => isUnused(row, values.cutoff)),
    ),
    promise: prepare(
      builder,
      (
        db,
        values: Placeholders<{
          registryId: string;
          repository: string;
          digest: string;
          now: number;
        }>,
      ) =>
        db
          .updateTable("manifest_usage")
          .set({ promised_at: values.now })
          .where("manifest_key", "=", (row) =>
            row
              .selectFrom("registries")
              .innerJoin("repositories", "repositories.registry_key", "registries.key")
              .innerJoin("manifests", "manifests.repository_key", "repositories.key")
              .select("manifests.key")
              .where("registries.id", "=", values.registryId)
              .where("repositories.name", "=", values.repository)
              .where("manifests.digest", "=", values.digest),
          ),
    ),
  };
}

function prepareCounts(builder: Kysely<Tables>) {
  return {
    countRemoved: prepare(
      builder,
      (db, values: Placeholders<{ runId: string; manifests: number; bytes: number }>) =>
        db
          .updateTable("collection_runs")
          .set({
            manifests: sql<number>`manifests + ${values.manifests}`,
            bytes: sql<number>`bytes + ${values.bytes}`,
          })
          .where("id", "=", values.runId),
    ),
    countRemovals: prepare(
      builder,
      (db, { repositoryKey, removed }: Placeholders<{ repositoryKey: number; removed: number }>) =>
        db
          .updateTable("repositories")
          .set({ manifest_count: sql<number>`manifest_count - ${removed}` })
          .where("key", "=", repositoryKey),
    ),
    freeBytes: prepare(
      builder,
      (db, { registryId, bytes }: Placeholders<{ registryId: string; bytes: number }>) =>
        db
          .updateTable("registry_usage")
          .set({ bytes: sql<number>`bytes - ${bytes}` })
          .where("registry_key", "=", (row) =>
            row.selectFrom("registries").select("key").where("id", "=", registryId),
          ),
    ),
  };
}

function manifestsFrom(db: Kysely<Tables>, from: Placeholders<ManifestsFrom>) {
  return db
    .selectFrom("manifests")
    .innerJoin("repositories", "repositories.key", "manifests.repository_key")
    .innerJoin("registries", "registries.key", "repositories.registry_key")
    .where("registries.id", "=", from.registryId)
    .where(
      sql<boolean>`(manifests.repository_key, manifests.digest) > (${from.repositoryKey}, ${from.digest})`,
    );
}

type OfManifests = ExpressionBuilder<Tables, "manifests">;

function isUntagged(row: OfManifests) {
  const tags = row
    .selectFrom("tags")
    .select("tags.name")
    .whereRef("tags.manifest_key", "=", "manifests.key");
  return row.not(row.exists(tags));
}

function isUnused(row: OfManifests, cutoff: unknown) {
  return row.exists(
    row
      .selectFrom("manifest_usage")
      .select("manifest_usage.manifest_key")
      .whereRef("manifest_usage.manifest_key", "=", "manifests.key")
      .where(
        sql<boolean>`max(manifest_usage.last_push_at, coalesce(manifest_usage.last_pull_at, 0), manifest_usage.promised_at) < ${cutoff}`,
      ),
  );
}

/** Of these manifests, each with one that keeps it: an index that lists it, or its subject. */
export function holdersOf(db: Kysely<Tables>, keys: readonly number[]) {
  const indexes = db
    .selectFrom("manifests")
    .innerJoin("manifest_references", "manifest_references.digest", "manifests.digest")
    .innerJoin("manifests as holders", (join) =>
      join
        .onRef("holders.key", "=", "manifest_references.manifest_key")
        .onRef("holders.repository_key", "=", "manifests.repository_key"),
    )
    .select(["manifests.key", "holders.key as holder"])
    .where("manifest_references.blob_key", "is", null)
    .where("manifests.key", "in", keys);
  const subjects = db
    .selectFrom("manifests")
    .innerJoin("manifests as holders", (join) =>
      join
        .onRef("holders.repository_key", "=", "manifests.repository_key")
        .onRef("holders.digest", "=", "manifests.subject_digest"),
    )
    .select(["manifests.key", "holders.key as holder"])
    .where("manifests.key", "in", keys);
  return indexes.unionAll(subjects);
}

/** Removes those of the manifests that are as they were when they were found. */
export function removal(
  db: Kysely<Tables>,
  registryId: string,
  keys: readonly number[],
  cutoff: number,
) {
  return db
    .deleteFrom("manifests")
    .where("key", "in", keys)
    .where("repository_key", "in", (row) =>
      row
        .selectFrom("repositories")
        .innerJoin("registries", "registries.key", "repositories.registry_key")
        .select("repositories.key")
        .where("registries.id", "=", registryId),
    )
    .where((row) => isUntagged(row))
    .where((row) => isUnused(row, cutoff))
    .returning(["repository_key", "size"]);
}

export function blobsOf(db: Kysely<Tables>, keys: readonly number[], cutoff: number) {
  return db
    .selectFrom("manifest_references")
    .innerJoin("blobs", "blobs.key", "manifest_references.blob_key")
    .select((row) => [
      "blobs.key",
      "blobs.size",
      row
        .selectFrom("manifest_references as others")
        .select(sql<number>`count(*)`.as("count"))
        .whereRef("others.blob_key", "=", "blobs.key")
        .as("references"),
    ])
    .where("manifest_references.manifest_key", "in", keys)
    .where("blobs.touched_at", "<", cutoff);
}
