import { RegistryError } from "../../domain/errors.ts";
import type { Instant, RegistryId, UploadId } from "../../domain/ids.ts";
import type { RepositoryName } from "../../domain/repository-name.ts";
import type { UploadSession } from "../../domain/upload-session.ts";
import type { SealedBytes } from "../../ports/sealer.ts";
import type { EndingUpload, StoredUpload, UploadStore } from "../../ports/upload-store.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { stored } from "./stored-values.ts";
import type { UploadsTable } from "./tables.ts";
import { prepareUploadQueries, type UploadQueries } from "./upload-queries.ts";

export class SqlUploadStore implements UploadStore {
  readonly #database: SqlDatabase;
  readonly #queries: UploadQueries;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#queries = prepareUploadQueries(database.builder);
  }

  async create(session: UploadSession, sessionsMax: number, rest?: SealedBytes): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const { registryId } = session;
      const room = await this.#queries.room.first(transaction, { registryId, sessionsMax });
      if (room === undefined) {
        throw new RegistryError("registry-unknown", { registry: registryId });
      }
      if (room.count >= sessionsMax) {
        throw new RegistryError("uploads-exhausted", { uploadsMax: sessionsMax });
      }
      if ((await this.#queries.end.first(transaction, session)) !== undefined) {
        return false;
      }
      const created = await this.#queries.create.affected(transaction, {
        registryKey: room.key,
        id: session.id,
        repository: session.repository,
        startedBy: session.startedBy,
        storageKey: session.storageKey,
        offset: session.offset,
        startedAt: session.startedAt,
        touchedAt: session.touchedAt,
        rest: rest ?? null,
      });
      return created === 1;
    });
  }

  async find(
    registryId: RegistryId,
    repository: RepositoryName,
    id: UploadId,
  ): Promise<StoredUpload | undefined> {
    const values = { registryId, repository, id };
    const row = await this.#queries.find.first(this.#database.reader, values);
    return (
      row && {
        session: toSession(row),
        rest: row.rest === null ? undefined : stored.sealed(row.rest),
      }
    );
  }

  async advance(
    registryId: RegistryId,
    id: UploadId,
    from: number,
    to: { readonly offset: number; readonly rest: SealedBytes | undefined },
    now: Instant,
  ): Promise<boolean> {
    const values = { registryId, id, from, offset: to.offset, rest: to.rest ?? null, now };
    return this.#database.transaction(
      async (session) => (await this.#queries.advance.affected(session, values)) === 1,
    );
  }

  async remove({ registryId, repository, id, startedAt }: UploadSession): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      await this.#queries.removeRow.run(transaction, { registryId, repository, id });
      return (await this.#queries.noteEnd.affected(transaction, { id, startedAt })) === 1;
    });
  }

  async hasEnded({ id, startedAt }: EndingUpload): Promise<boolean> {
    const end = await this.#queries.end.first(this.#database.reader, { id, startedAt });
    return end !== undefined;
  }

  async forgetEnded(before: Instant, limit: number): Promise<number> {
    return this.#database.transaction((session) =>
      this.#queries.forgetEnds.affected(session, { before, limit }),
    );
  }

  async count(): Promise<number> {
    return (await this.#queries.count.first(this.#database.reader, {}))?.count ?? 0;
  }

  async removeIdle(before: Instant, limit: number): Promise<readonly UploadSession[]> {
    return this.#database.transaction(async (session) => {
      const rows = await this.#queries.idle.rows(session, { before, limit });
      for (const { key } of rows) {
        await this.#queries.remove.run(session, { key });
      }
      return rows.map(toSession);
    });
  }
}

type SessionRow = Omit<UploadsTable, "key" | "registry_key" | "rest"> & {
  readonly registry_id: string;
};

function toSession(row: SessionRow): UploadSession {
  return {
    id: stored.uploadId(row.id),
    registryId: stored.registryId(row.registry_id),
    repository: stored.repositoryName(row.repository),
    startedBy: row.started_by,
    storageKey: stored.storageKey(row.storage_key),
    offset: row.durable_offset,
    startedAt: row.started_at,
    touchedAt: row.touched_at,
  };
}
