import { type Kysely, sql } from "kysely";
import { type Placeholders, prepare } from "./prepared-query.ts";
import type { Tables } from "./tables.ts";

export type UploadQueries = ReturnType<typeof prepareUploadQueries>;

type NewUpload = {
  registryKey: number;
  id: string;
  repository: string;
  startedBy: string;
  storageKey: string;
  offset: number;
  rest: Uint8Array | null;
  startedAt: number;
  touchedAt: number;
};

type EndedUpload = { id: string; startedAt: number };

type UploadInRepository = { registryId: string; repository: string; id: string };

type Advance = {
  registryId: string;
  id: string;
  from: number;
  offset: number;
  rest: Uint8Array | null;
  now: number;
};

export function prepareUploadQueries(builder: Kysely<Tables>) {
  return { ...prepareReads(builder), ...prepareWrites(builder), ...prepareEndings(builder) };
}

function prepareReads(builder: Kysely<Tables>) {
  const sessions = (db: Kysely<Tables>) =>
    db
      .selectFrom("uploads")
      .innerJoin("registries", "registries.key", "uploads.registry_key")
      .select([
        "uploads.key",
        "registries.id as registry_id",
        "uploads.id",
        "uploads.repository",
        "uploads.started_by",
        "uploads.storage_key",
        "uploads.durable_offset",
        "uploads.started_at",
        "uploads.touched_at",
      ]);
  return {
    /** A registry with the number of its sessions, counted no further than `sessionsMax`. */
    room: prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; sessionsMax: number }>) =>
        db
          .selectFrom("registries")
          .select("registries.key")
          .select((row) =>
            row
              .selectFrom((inner) =>
                inner
                  .selectFrom("uploads")
                  .select("uploads.key")
                  .whereRef("uploads.registry_key", "=", "registries.key")
                  .limit(values.sessionsMax)
                  .as("live"),
              )
              .select(sql<number>`count(*)`.as("count"))
              .$asScalar()
              .$notNull()
              .as("count"),
          )
          .where("registries.id", "=", values.registryId),
    ),
    find: prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; repository: string; id: string }>) =>
        sessions(db)
          .select("uploads.rest")
          .where("uploads.id", "=", values.id)
          .where("uploads.repository", "=", values.repository)
          .where("registries.id", "=", values.registryId),
    ),
    count: prepare(builder, (db) =>
      db.selectFrom("uploads").select(sql<number>`count(*)`.as("count")),
    ),
    idle: prepare(builder, (db, values: Placeholders<{ before: number; limit: number }>) =>
      sessions(db)
        .where("uploads.touched_at", "<", values.before)
        .orderBy("uploads.touched_at")
        .limit(values.limit),
    ),
  };
}

function prepareWrites(builder: Kysely<Tables>) {
  return {
    create: prepare(builder, (db, values: Placeholders<NewUpload>) =>
      db
        .insertInto("uploads")
        .values({
          registry_key: values.registryKey,
          id: values.id,
          repository: values.repository,
          started_by: values.startedBy,
          storage_key: values.storageKey,
          durable_offset: values.offset,
          started_at: values.startedAt,
          touched_at: values.touchedAt,
          rest: values.rest,
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    advance: prepare(builder, (db, values: Placeholders<Advance>) =>
      db
        .updateTable("uploads")
        .set({ durable_offset: values.offset, rest: values.rest, touched_at: values.now })
        .where("id", "=", values.id)
        .where("durable_offset", "=", values.from)
        .where("registry_key", "=", (query) =>
          query.selectFrom("registries").select("key").where("id", "=", values.registryId),
        ),
    ),
    remove: prepare(builder, (db, { key }: Placeholders<{ key: number }>) =>
      db.deleteFrom("uploads").where("key", "=", key),
    ),
  };
}

/** What the end of an upload leaves, here and where a blob is committed. */
export function prepareEndings(builder: Kysely<Tables>) {
  return {
    /** Affects nothing where the upload has ended before. */
    noteEnd: prepare(builder, (db, { id, startedAt }: Placeholders<EndedUpload>) =>
      db
        .insertInto("ended_uploads")
        .values({ started_at: startedAt, id })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    removeRow: prepare(builder, (db, values: Placeholders<UploadInRepository>) =>
      db
        .deleteFrom("uploads")
        .where("id", "=", values.id)
        .where("repository", "=", values.repository)
        .where("registry_key", "=", (query) =>
          query.selectFrom("registries").select("key").where("id", "=", values.registryId),
        ),
    ),
    end: prepare(builder, (db, { id, startedAt }: Placeholders<EndedUpload>) =>
      db
        .selectFrom("ended_uploads")
        .select("id")
        .where("started_at", "=", startedAt)
        .where("id", "=", id),
    ),
    forgetEnds: prepare(
      builder,
      (db, { before, limit }: Placeholders<{ before: number; limit: number }>) =>
        db
          .deleteFrom("ended_uploads")
          .where((row) =>
            row(row.refTuple("started_at", "id"), "in", (query) =>
              query
                .selectFrom("ended_uploads")
                .select(["started_at", "id"])
                .where("started_at", "<", before)
                .orderBy("started_at")
                .limit(limit)
                .$asTuple("started_at", "id"),
            ),
          ),
    ),
  };
}
