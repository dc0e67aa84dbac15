import type { Instant, RegistryId, RunId } from "../../domain/ids.ts";
import type {
  BlobPosition,
  GarbageIndex,
  MarkedBlob,
  WalkedBlobs,
} from "../../ports/garbage-index.ts";
import { type BlobRange, type GarbageQueries, prepareGarbageQueries } from "./garbage-queries.ts";
import type { SqlDatabase, SqlSession } from "./sql-database.ts";
import { stored } from "./stored-values.ts";

export class SqlGarbageIndex implements GarbageIndex {
  readonly #database: SqlDatabase;
  readonly #queries: GarbageQueries;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#queries = prepareGarbageQueries(database.builder);
  }

  async holdReadOnly(registryId: RegistryId, until: Instant | undefined): Promise<void> {
    await this.#database.transaction((session) =>
      this.#queries.holdReadOnly.run(session, { registryId, until: until ?? null }),
    );
  }

  async readOnlyUntil(registryId: RegistryId): Promise<Instant | undefined> {
    const row = await this.#queries.readOnlyUntil.first(this.#database.reader, { registryId });
    return row?.read_only_until ?? undefined;
  }

  async cutoff(registryId: RegistryId, now: Instant, graceMilliseconds: number): Promise<Instant> {
    const oldest = await this.#queries.oldestUpload.first(this.#database.reader, { registryId });
    return Math.min(now, oldest?.started_at ?? now) - graceMilliseconds;
  }

  async count(
    registryId: RegistryId,
    cutoff: Instant,
    after: BlobPosition | undefined,
    limit: number,
  ): Promise<WalkedBlobs> {
    const { reader } = this.#database;
    const part = await this.#part(reader, registryId, cutoff, after, limit);
    if (part === undefined) {
      return NOTHING;
    }
    const { blobs = 0, bytes = 0 } =
      (await this.#queries.countGarbage.first(reader, part.range)) ?? {};
    return { next: part.next, blobs, bytes };
  }

  async mark(
    registryId: RegistryId,
    runId: RunId,
    cutoff: Instant,
    after: BlobPosition | undefined,
    limit: number,
    readOnlyUntil: Instant,
  ): Promise<WalkedBlobs> {
    return this.#database.transaction(async (session) => {
      const part = await this.#part(session, registryId, cutoff, after, limit);
      if (part === undefined) {
        return NOTHING;
      }
      const { range, next } = part;
      const marked = await this.#queries.mark.rows(session, range);
      const blobs = marked.length;
      const bytes = marked.reduce((sum, { size }) => sum + size, 0);
      if (blobs > 0) {
        await this.#queries.hideMarked.run(session, range);
        await this.#queries.freeBytes.run(session, { registryKey: range.registryKey, bytes });
        await this.#queries.countFreed.run(session, { runId, blobs, bytes });
      }
      await this.#queries.holdReadOnly.run(session, { registryId, until: readOnlyUntil });
      return { next, blobs, bytes };
    });
  }

  async marked(registryId: RegistryId, limit: number): Promise<readonly MarkedBlob[]> {
    const rows = await this.#queries.marked.rows(this.#database.reader, { registryId, limit });
    return rows.map(({ key, storage_key: storageKey }) => ({
      key,
      storageKey: storageKey === null ? undefined : stored.storageKey(storageKey),
    }));
  }

  async forget(registryId: RegistryId, blobs: readonly MarkedBlob[]): Promise<void> {
    await this.#database.transaction(async (session) => {
      const registry = await this.#queries.registryKey.first(session, { registryId });
      for (const { key } of registry === undefined ? [] : blobs) {
        await this.#queries.forget.run(session, { key, registryKey: registry?.key ?? -1 });
      }
    });
  }

  /** The next `limit` blobs that were last used before `cutoff`; `undefined`: the registry is gone. */
  async #part(
    session: SqlSession,
    registryId: RegistryId,
    cutoff: Instant,
    after: BlobPosition | undefined,
    limit: number,
  ): Promise<{ range: BlobRange; next: BlobPosition | undefined } | undefined> {
    const registry = await this.#queries.registryKey.first(session, { registryId });
    if (registry === undefined) {
      return undefined;
    }
    const whole = {
      registryKey: registry.key,
      fromTouchedAt: after?.touchedAt ?? Number.MIN_SAFE_INTEGER,
      fromKey: after?.key ?? 0,
      toTouchedAt: cutoff - 1,
      toKey: Number.MAX_SAFE_INTEGER,
    };
    const end = await this.#queries.endOfPart.first(session, { ...whole, skipped: limit - 1 });
    return end === undefined
      ? { range: whole, next: undefined }
      : {
          range: { ...whole, toTouchedAt: end.touched_at, toKey: end.key },
          next: { touchedAt: end.touched_at, key: end.key },
        };
  }
}

const NOTHING: WalkedBlobs = { next: undefined, blobs: 0, bytes: 0 };
