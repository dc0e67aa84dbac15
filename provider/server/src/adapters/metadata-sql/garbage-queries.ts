import { type Kysely, sql } from "kysely";
import { type Placeholders, prepare } from "./prepared-query.ts";
import type { Tables } from "./tables.ts";

export type GarbageQueries = ReturnType<typeof prepareGarbageQueries>;

/** Blobs of a registry behind one position, up to and including another. */
export type BlobRange = {
  registryKey: number;
  fromTouchedAt: number;
  fromKey: number;
  toTouchedAt: number;
  toKey: number;
};

export function prepareGarbageQueries(builder: Kysely<Tables>) {
  return {
    ...prepareReadOnly(builder),
    ...prepareWalk(builder),
    ...prepareCounts(builder),
    ...prepareMarked(builder),
  };
}

function prepareReadOnly(builder: Kysely<Tables>) {
  return {
    readOnlyUntil: prepare(builder, (db, { registryId }: Placeholders<{ registryId: string }>) =>
      db.selectFrom("registries").select("read_only_until").where("id", "=", registryId),
    ),
    holdReadOnly: prepare(
      builder,
      (db, { registryId, until }: Placeholders<{ registryId: string; until: number | null }>) =>
        db.updateTable("registries").set({ read_only_until: until }).where("id", "=", registryId),
    ),
    oldestUpload: prepare(builder, (db, { registryId }: Placeholders<{ registryId: string }>) =>
      db
        .selectFrom("uploads")
        .innerJoin("registries", "registries.key", "uploads.registry_key")
        .select(sql<number | null>`min(uploads.started_at)`.as("started_at"))
        .where("registries.id", "=", registryId),
    ),
    registryKey: prepare(builder, (db, { registryId }: Placeholders<{ registryId: string }>) =>
      db.selectFrom("registries").select("key").where("id", "=", registryId),
    ),
  };
}

function prepareWalk(builder: Kysely<Tables>) {
  return {
    /** Where a part of the walk ends that has `skipped` blobs and one more. */
    endOfPart: prepare(builder, (db, values: Placeholders<BlobRange & { skipped: number }>) =>
      blobsIn(db, values)
        .select(["blobs.touched_at", "blobs.key"])
        .orderBy("blobs.touched_at")
        .orderBy("blobs.key")
        .limit(sql<number>`1`)
        .offset(values.skipped),
    ),
    countGarbage: prepare(builder, (db, range: Placeholders<BlobRange>) =>
      garbageIn(db, range).select([
        sql<number>`count(*)`.as("blobs"),
        sql<number>`coalesce(sum(blobs.size), 0)`.as("bytes"),
      ]),
    ),
    mark: prepare(builder, (db, range: Placeholders<BlobRange>) =>
      db
        .insertInto("marked_blobs")
        .columns(["blob_key", "registry_key", "size"])
        .expression(garbageIn(db, range).select(["blobs.key", "blobs.registry_key", "blobs.size"]))
        .returning("size"),
    ),
    /** Takes what is marked from the repositories; what was marked before has been taken. */
    hideMarked: prepare(builder, (db, range: Placeholders<BlobRange>) =>
      db
        .deleteFrom("repository_blobs")
        .where("blob_key", "in", (row) =>
          row
            .selectFrom("marked_blobs")
            .select("marked_blobs.blob_key")
            .where("marked_blobs.blob_key", "in", blobsIn(db, range).select("blobs.key")),
        ),
    ),
  };
}

function blobsIn(db: Kysely<Tables>, range: Placeholders<BlobRange>) {
  return db
    .selectFrom("blobs")
    .where("blobs.registry_key", "=", range.registryKey)
    .where(sql<boolean>`(blobs.touched_at, blobs.key) > (${range.fromTouchedAt}, ${range.fromKey})`)
    .where(sql<boolean>`(blobs.touched_at, blobs.key) <= (${range.toTouchedAt}, ${range.toKey})`);
}

/** What no manifest refers to and is not marked yet. */
function garbageIn(db: Kysely<Tables>, range: Placeholders<BlobRange>) {
  return blobsIn(db, range)
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom("manifest_references")
            .select("manifest_key")
            .whereRef("manifest_references.blob_key", "=", "blobs.key"),
        ),
      ),
    )
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom("marked_blobs")
            .select("blob_key")
            .whereRef("marked_blobs.blob_key", "=", "blobs.key"),
        ),
      ),
    );
}

function prepareCounts(builder: Kysely<Tables>) {
  return {
    freeBytes: prepare(
      builder,
      (db, { registryKey, bytes }: Placeholders<{ registryKey: number; bytes: number }>) =>
        db
          .updateTable("registry_usage")
          .set({ bytes: sql<number>`bytes - ${bytes}` })
          .where("registry_key", "=", registryKey),
    ),
    countFreed: prepare(
      builder,
      (db, values: Placeholders<{ runId: string; blobs: number; bytes: number }>) =>
        db
          .updateTable("collection_runs")
          .set({
            blobs: sql<number>`blobs + ${values.blobs}`,
            bytes: sql<number>`bytes + ${values.bytes}`,
          })
          .where("id", "=", values.runId),
    ),
  };
}

function prepareMarked(builder: Kysely<Tables>) {
  return {
    marked: prepare(
      builder,
      (db, { registryId, limit }: Placeholders<{ registryId: string; limit: number }>) =>
        db
          .selectFrom("registries")
          .innerJoin("marked_blobs", "marked_blobs.registry_key", "registries.key")
          .innerJoin("blobs", "blobs.key", "marked_blobs.blob_key")
          .select(["blobs.key", "blobs.storage_key"])
          .where("registries.id", "=", registryId)
          .orderBy("marked_blobs.blob_key")
          .limit(limit),
    ),
    /** Keys of rows are used again: what is not marked is somebody else's. */
    forget: prepare(builder, (db, values: Placeholders<{ key: number; registryKey: number }>) =>
      db
        .deleteFrom("blobs")
        .where("key", "=", values.key)
        .where("registry_key", "=", values.registryKey)
        .where("key", "in", (row) =>
          row.selectFrom("marked_blobs").select("blob_key").where("blob_key", "=", values.key),
        ),
    ),
  };
}
