import { type Kysely, sql } from "kysely";
import { isIncomplete } from "./damage-queries.ts";
import { type Placeholders, prepare } from "./prepared-query.ts";
import type { Tables } from "./tables.ts";

export type ManifestQueries = ReturnType<typeof prepareManifestQueries>;

export function prepareManifestQueries(builder: Kysely<Tables>) {
  return {
    ...prepareLookUps(builder),
    ...prepareReferrers(builder),
    ...prepareChanges(builder),
    ...prepareCounts(builder),
  };
}

function prepareLookUps(builder: Kysely<Tables>) {
  const repositories = (db: Kysely<Tables>) =>
    db
      .selectFrom("registries")
      .innerJoin("repositories", "repositories.registry_key", "registries.key");
  return {
    byDigest: prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; repository: string; digest: string }>) =>
        repositories(db)
          .innerJoin("manifests", "manifests.repository_key", "repositories.key")
          .select([
            "manifests.digest",
            "manifests.media_type",
            "manifests.size",
            "manifests.sealed",
          ])
          .select(isIncomplete().as("is_incomplete"))
          .where("registries.id", "=", values.registryId)
          .where("repositories.name", "=", values.repository)
          .where("manifests.digest", "=", values.digest),
    ),
    byTag: prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; repository: string; tag: string }>) =>
        repositories(db)
          .innerJoin("tags", "tags.repository_key", "repositories.key")
          .innerJoin("manifests", "manifests.key", "tags.manifest_key")
          .select([
            "manifests.digest",
            "manifests.media_type",
            "manifests.size",
            "manifests.sealed",
          ])
          .select(isIncomplete().as("is_incomplete"))
          .where("registries.id", "=", values.registryId)
          .where("repositories.name", "=", values.repository)
          .where("tags.name", "=", values.tag),
    ),
  };
}

type ReferrersPage = {
  registryId: string;
  repository: string;
  subject: string;
  after: string;
  limit: number;
};

function prepareReferrers(builder: Kysely<Tables>) {
  const referrers = (db: Kysely<Tables>, values: Placeholders<ReferrersPage>) =>
    db
      .selectFrom("registries")
      .innerJoin("repositories", "repositories.registry_key", "registries.key")
      .innerJoin("manifests", "manifests.repository_key", "repositories.key")
      .select([
        "manifests.digest",
        "manifests.media_type",
        "manifests.size",
        "manifests.artifact_type",
        "manifests.annotations",
      ])
      .where("registries.id", "=", values.registryId)
      .where("repositories.name", "=", values.repository)
      .where("manifests.subject_digest", "=", values.subject)
      .where("manifests.digest", ">", values.after)
      .orderBy("manifests.digest")
      .limit(values.limit);
  return {
    referrers: prepare(builder, referrers),
    referrersOfType: prepare(
      builder,
      (db, values: Placeholders<ReferrersPage & { artifactType: string }>) =>
        referrers(db, values).where("manifests.artifact_type", "=", values.artifactType),
    ),
  };
}

type NewManifest = {
  repositoryKey: number;
  digest: string;
  mediaType: string;
  artifactType: string | null;
  subject: string | null;
  size: number;
  now: number;
  annotations: string | null;
  sealed: Uint8Array;
};

type MovedTag = {
  registryKey: number;
  repositoryKey: number;
  tag: string;
  digest: string;
  now: number;
};

function prepareChanges(builder: Kysely<Tables>) {
  return {
    add: prepare(builder, (db, values: Placeholders<NewManifest>) =>
      db
        .insertInto("manifests")
        .values({
          repository_key: values.repositoryKey,
          digest: values.digest,
          media_type: values.mediaType,
          artifact_type: values.artifactType,
          subject_digest: values.subject,
          size: values.size,
          created_at: values.now,
          annotations: values.annotations,
          sealed: values.sealed,
        })
        .onConflict((conflict) => conflict.columns(["repository_key", "digest"]).doNothing())
        .returning("key"),
    ),
    /** A new tag is told from one that moves: only the latter may be known to somebody. */
    addTag: prepare(builder, (db, values: Placeholders<MovedTag>) =>
      db
        .insertInto("tags")
        .values({
          repository_key: values.repositoryKey,
          name: values.tag,
          manifest_key: manifestKey(db, values),
          updated_at: values.now,
        })
        .onConflict((conflict) => conflict.columns(["repository_key", "name"]).doNothing()),
    ),
    moveTag: prepare(builder, (db, values: Placeholders<MovedTag>) =>
      db
        .updateTable("tags")
        .set({ manifest_key: manifestKey(db, values), updated_at: values.now })
        .where("repository_key", "=", values.repositoryKey)
        .where("name", "=", values.tag),
    ),
    spend: prepare(
      builder,
      (db, { registryKey, id }: Placeholders<{ registryKey: number; id: string }>) =>
        db.deleteFrom("tokens").where("id", "=", id).where("registry_key", "=", registryKey),
    ),
    remove: prepare(
      builder,
      (db, { repositoryKey, digest }: Placeholders<{ repositoryKey: number; digest: string }>) =>
        db
          .deleteFrom("manifests")
          .where("repository_key", "=", repositoryKey)
          .where("digest", "=", digest)
          .returning("size"),
    ),
    removeTag: prepare(
      builder,
      (db, { repositoryKey, tag }: Placeholders<{ repositoryKey: number; tag: string }>) =>
        db.deleteFrom("tags").where("repository_key", "=", repositoryKey).where("name", "=", tag),
    ),
  };
}

function manifestKey(
  db: Kysely<Tables>,
  { repositoryKey, digest }: Pick<Placeholders<MovedTag>, "repositoryKey" | "digest">,
) {
  return db
    .selectFrom("manifests")
    .select("manifests.key")
    .where("repository_key", "=", repositoryKey)
    .where("digest", "=", digest)
    .$asScalar()
    .$notNull();
}

type PushedManifest = {
  registryKey: number;
  repositoryKey: number;
  digest: string;
  now: number;
};

function prepareCounts(builder: Kysely<Tables>) {
  return {
    countManifestPush: prepare(builder, (db, values: Placeholders<PushedManifest>) =>
      db
        .insertInto("manifest_usage")
        .columns([
          "manifest_key",
          "registry_key",
          "repository_key",
          "push_count",
          "pull_count",
          "last_push_at",
        ])
        .expression((row) =>
          row
            .selectFrom("manifests")
            .select([
              "key",
              values.registryKey.as("registry_key"),
              "repository_key",
              sql.lit(1).as("push_count"),
              sql.lit(0).as("pull_count"),
              values.now.as("last_push_at"),
            ])
            .where("repository_key", "=", values.repositoryKey)
            .where("digest", "=", values.digest),
        )
        .onConflict((conflict) =>
          conflict.column("manifest_key").doUpdateSet((row) => ({
            push_count: sql<number>`manifest_usage.push_count + 1`,
            last_push_at: row.ref("excluded.last_push_at"),
          })),
        ),
    ),
    countPush: prepare(
      builder,
      (db, values: Placeholders<{ repositoryKey: number; added: number; now: number }>) =>
        db
          .updateTable("repositories")
          .set({
            manifest_count: sql<number>`manifest_count + ${values.added}`,
            push_count: sql<number>`push_count + 1`,
            last_push_at: values.now,
          })
          .where("key", "=", values.repositoryKey),
    ),
    countRemoval: prepare(
      builder,
      (db, { repositoryKey }: Placeholders<{ repositoryKey: number }>) =>
        db
          .updateTable("repositories")
          .set({ manifest_count: sql<number>`manifest_count - 1` })
          .where("key", "=", repositoryKey),
    ),
    countBytes: prepare(
      builder,
      (db, { registryKey, bytes }: Placeholders<{ registryKey: number; bytes: number }>) =>
        db
          .updateTable("registry_usage")
          .set({ bytes: sql<number>`bytes + ${bytes}` })
          .where("registry_key", "=", registryKey),
    ),
  };
}
