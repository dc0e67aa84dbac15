import { type Kysely, sql } from "kysely";
import { type Placeholders, prepare } from "./prepared-query.ts";
import type { Tables } from "./tables.ts";

export type CollectionQueries = ReturnType<typeof prepareCollectionQueries>;

type AddedRun = {
  registryKey: number;
  id: string;
  trigger: string;
  isDryRun: number;
  startedAt: number;
};

export function prepareCollectionQueries(builder: Kysely<Tables>) {
  return {
    ...prepareSlots(builder),
    ...prepareLookUps(builder),
    ...prepareAdditions(builder),
    ...prepareEnds(builder),
  };
}

function prepareSlots(builder: Kysely<Tables>) {
  return {
    due: prepare(builder, (db, { now, limit }: Placeholders<{ now: number; limit: number }>) =>
      db
        .selectFrom("registries")
        .select(["id", "schedule", "next_collection_at"])
        .where("next_collection_at", "<=", now)
        .orderBy("next_collection_at")
        .limit(limit),
    ),
    schedule: prepare(builder, (db, { registryId }: Placeholders<{ registryId: string }>) =>
      db.selectFrom("registries").select("schedule").where("id", "=", registryId),
    ),
    takeSlot: prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; slot: number; next: number }>) =>
        db
          .updateTable("registries")
          .set({ next_collection_at: values.next })
          .where("id", "=", values.registryId)
          .where("next_collection_at", "=", values.slot)
          .returning("key"),
    ),
    registryKey: prepare(builder, (db, { registryId }: Placeholders<{ registryId: string }>) =>
      db.selectFrom("registries").select("key").where("id", "=", registryId),
    ),
  };
}

function prepareLookUps(builder: Kysely<Tables>) {
  const runs = (db: Kysely<Tables>) =>
    db
      .selectFrom("collection_runs")
      .innerJoin("registries", "registries.key", "collection_runs.registry_key")
      .select([
        "registries.id as registry_id",
        "collection_runs.id",
        "collection_runs.trigger_kind",
        "collection_runs.is_dry_run",
        "collection_runs.phase",
        "collection_runs.started_at",
        "collection_runs.finished_at",
        "collection_runs.read_only_milliseconds",
        "collection_runs.manifests",
        "collection_runs.blobs",
        "collection_runs.bytes",
      ]);
  return {
    unfinished: prepare(builder, (db, { limit }: Placeholders<{ limit: number }>) =>
      runs(db)
        .where("collection_runs.finished_at", "is", null)
        .orderBy("collection_runs.key")
        .limit(limit),
    ),
    underWay: prepare(
      builder,
      (db, { registryKey, isDryRun }: Placeholders<{ registryKey: number; isDryRun: number }>) =>
        runs(db)
          .where("collection_runs.registry_key", "=", registryKey)
          .where("collection_runs.finished_at", "is", null)
          .where("collection_runs.is_dry_run", "=", isDryRun)
          .limit(sql<number>`1`),
    ),
    find: prepare(builder, (db, values: Placeholders<{ registryId: string; id: string }>) =>
      runs(db)
        .where("collection_runs.id", "=", values.id)
        .where("registries.id", "=", values.registryId),
    ),
    list: prepare(builder, (db, values: Placeholders<{ registryId: string; limit: number }>) =>
      runs(db)
        .where("registries.id", "=", values.registryId)
        .orderBy("collection_runs.key", "desc")
        .limit(values.limit),
    ),
    latest: prepare(builder, (db, { registryId }: Placeholders<{ registryId: string }>) =>
      runs(db)
        .where("registries.id", "=", registryId)
        .where("collection_runs.is_dry_run", "=", sql<number>`0`)
        .orderBy("collection_runs.key", "desc")
        .limit(sql<number>`1`),
    ),
  };
}

function prepareAdditions(builder: Kysely<Tables>) {
  return {
    add: prepare(builder, (db, values: Placeholders<AddedRun>) =>
      db.insertInto("collection_runs").values({
        registry_key: values.registryKey,
        id: values.id,
        trigger_kind: values.trigger,
        is_dry_run: values.isDryRun,
        phase: "marking",
        started_at: values.startedAt,
        finished_at: null,
        read_only_milliseconds: null,
        manifests: 0,
        blobs: 0,
        bytes: 0,
      }),
    ),
    /** Forgets all but the latest runs that have ended. */
    prune: prepare(
      builder,
      (db, { registryKey, kept }: Placeholders<{ registryKey: number; kept: number }>) =>
        db
          .deleteFrom("collection_runs")
          .where("registry_key", "=", registryKey)
          .where("finished_at", "is not", null)
          .where("key", "not in", (row) =>
            row
              .selectFrom("collection_runs")
              .select("key")
              .where("registry_key", "=", registryKey)
              .orderBy("key", "desc")
              .limit(kept),
          ),
    ),
  };
}

function prepareEnds(builder: Kysely<Tables>) {
  return {
    endMarking: prepare(
      builder,
      (db, values: Placeholders<{ id: string; readOnlyMilliseconds: number }>) =>
        db
          .updateTable("collection_runs")
          .set({ phase: "deleting", read_only_milliseconds: values.readOnlyMilliseconds })
          .where("id", "=", values.id)
          .where("phase", "=", sql<string>`'marking'`),
    ),
    finish: prepare(
      builder,
      (db, values: Placeholders<{ id: string; phase: string; now: number }>) =>
        db
          .updateTable("collection_runs")
          .set({ phase: values.phase, finished_at: values.now })
          .where("id", "=", values.id)
          .where("finished_at", "is", null),
    ),
    setCounted: prepare(
      builder,
      (db, values: Placeholders<{ id: string; manifests: number; blobs: number; bytes: number }>) =>
        db
          .updateTable("collection_runs")
          .set({ manifests: values.manifests, blobs: values.blobs, bytes: values.bytes })
          .where("id", "=", values.id)
          .where("finished_at", "is", null),
    ),
    endReadOnly: prepare(builder, (db, { registryId }: Placeholders<{ registryId: string }>) =>
      db.updateTable("registries").set({ read_only_until: null }).where("id", "=", registryId),
    ),
  };
}
