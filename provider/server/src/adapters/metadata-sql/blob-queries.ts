import { type Kysely, type RawBuilder, sql } from "kysely";
import { type Placeholders, prepare } from "./prepared-query.ts";
import type { Tables } from "./tables.ts";

export type BlobQueries = ReturnType<typeof prepareBlobQueries>;

type NewBlob = {
  registryKey: number;
  digest: string;
  size: number;
  now: number;
  storageKey: string | null;
  sealed: Uint8Array | null;
};

export function prepareBlobQueries(builder: Kysely<Tables>) {
  return { ...prepareBlobs(builder), ...prepareUses(builder), ...prepareVisibility(builder) };
}

function prepareUses(builder: Kysely<Tables>) {
  return {
    touch: prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; digest: string; now: number }>) =>
        db
          .updateTable("blobs")
          .set({ touched_at: later(values.now) })
          .where("digest", "=", values.digest)
          .where("registry_key", "=", (query) =>
            query.selectFrom("registries").select("key").where("id", "=", values.registryId),
          )
          .where("key", "not in", markedBlobs(db)),
    ),
    touchByKey: prepare(
      builder,
      (db, values: Placeholders<{ registryKey: number; digest: string; now: number }>) =>
        db
          .updateTable("blobs")
          .set({ touched_at: later(values.now) })
          .where("registry_key", "=", values.registryKey)
          .where("digest", "=", values.digest)
          .where("key", "not in", markedBlobs(db))
          .returning(["key", "size", "touched_at", "digest", "storage_key", "sealed"])
          .returning((row) =>
            row
              .selectFrom("damaged_blobs")
              .select("damaged_blobs.noticed_at")
              .whereRef("damaged_blobs.blob_key", "=", "blobs.key")
              .as("noticed_at"),
          ),
    ),
    /** Makes room for content that is pushed again while its garbage is being removed; the old bytes are then named by no row. */
    displaceMarked: prepare(
      builder,
      (db, values: Placeholders<{ registryKey: number; digest: string }>) =>
        db
          .deleteFrom("blobs")
          .where("registry_key", "=", values.registryKey)
          .where("digest", "=", values.digest)
          .where("key", "in", markedBlobs(db)),
    ),
  };
}

function prepareBlobs(builder: Kysely<Tables>) {
  return {
    add: prepare(builder, (db, values: Placeholders<NewBlob>) =>
      db
        .insertInto("blobs")
        .values({
          registry_key: values.registryKey,
          digest: values.digest,
          size: values.size,
          touched_at: values.now,
          storage_key: values.storageKey,
          sealed: values.sealed,
        })
        .onConflict((conflict) => conflict.columns(["registry_key", "digest"]).doNothing())
        .returning("key"),
    ),
    countBytes: prepare(
      builder,
      (db, { registryKey, bytes }: Placeholders<{ registryKey: number; bytes: number }>) =>
        db
          .updateTable("registry_usage")
          .set({ bytes: sql<number>`bytes + ${bytes}` })
          .where("registry_key", "=", registryKey),
    ),
    registryKey: prepare(builder, (db, { registryId }: Placeholders<{ registryId: string }>) =>
      db.selectFrom("registries").select("key").where("id", "=", registryId),
    ),
  };
}

/** The columns `key` of blobs that are garbage: correlated, so that it costs one look-up and not a list. */
function markedBlobs(db: Kysely<Tables>) {
  return db
    .selectFrom("marked_blobs")
    .select("blob_key")
    .where("blob_key", "=", sql.ref<number>("blobs.key"));
}

/** Clocks of several processes differ: a use is never taken back. */
function later(now: RawBuilder<number>) {
  return sql<number>`case when touched_at < ${now} then ${now} else touched_at end`;
}

function prepareVisibility(builder: Kysely<Tables>) {
  return {
    find: prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; repository: string; digest: string }>) =>
        db
          .selectFrom("registries")
          .innerJoin("repositories", "repositories.registry_key", "registries.key")
          .innerJoin("blobs", "blobs.registry_key", "registries.key")
          .innerJoin("repository_blobs", (join) =>
            join
              .onRef("repository_blobs.repository_key", "=", "repositories.key")
              .onRef("repository_blobs.blob_key", "=", "blobs.key"),
          )
          .leftJoin("damaged_blobs", "damaged_blobs.blob_key", "blobs.key")
          .select(["damaged_blobs.noticed_at"])
          .select([
            "blobs.digest",
            "blobs.size",
            "blobs.touched_at",
            "blobs.storage_key",
            "blobs.sealed",
          ])
          .where("registries.id", "=", values.registryId)
          .where("repositories.name", "=", values.repository)
          .where("blobs.digest", "=", values.digest),
    ),
    holders: prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; digest: string; limit: number }>) =>
        db
          .selectFrom("registries")
          .innerJoin("blobs", "blobs.registry_key", "registries.key")
          .innerJoin("repository_blobs", "repository_blobs.blob_key", "blobs.key")
          .innerJoin("repositories", "repositories.key", "repository_blobs.repository_key")
          .select("repositories.name")
          .where("registries.id", "=", values.registryId)
          .where("blobs.digest", "=", values.digest)
          .limit(values.limit),
    ),
    show: prepare(builder, (db, values: Placeholders<{ repositoryKey: number; blobKey: number }>) =>
      db
        .insertInto("repository_blobs")
        .values({ repository_key: values.repositoryKey, blob_key: values.blobKey })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    hide: prepare(
      builder,
      (db, values: Placeholders<{ registryKey: number; repositoryKey: number; digest: string }>) =>
        db
          .deleteFrom("repository_blobs")
          .where("repository_key", "=", values.repositoryKey)
          .where("blob_key", "=", (query) =>
            query
              .selectFrom("blobs")
              .select("key")
              .where("registry_key", "=", values.registryKey)
              .where("digest", "=", values.digest),
          ),
    ),
  };
}
