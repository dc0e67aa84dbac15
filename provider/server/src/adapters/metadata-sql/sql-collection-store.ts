import type { AuditEvent } from "../../domain/audit.ts";
import {
  type CollectionRun,
  RUN_PHASES,
  RUN_TRIGGERS,
  type RunTrigger,
} from "../../domain/collection-run.ts";
import { RegistryError } from "../../domain/errors.ts";
import type { Instant, RegistryId, RunId } from "../../domain/ids.ts";
import { COLLECTION_RUNS_KEPT_MAX } from "../../domain/limits.ts";
import type { GarbageCollectionSchedule } from "../../domain/schedule.ts";
import type {
  CollectionStore,
  CountedGarbage,
  DueCollection,
  NewRun,
} from "../../ports/collection-store.ts";
import type { AuditWriter } from "./audit-writer.ts";
import { type CollectionQueries, prepareCollectionQueries } from "./collection-queries.ts";
import { SCHEDULE } from "./registry-rows.ts";
import type { SqlDatabase, SqlSession } from "./sql-database.ts";
import { stored, toFlag } from "./stored-values.ts";
import type { CollectionRunsTable } from "./tables.ts";

export class SqlCollectionStore implements CollectionStore {
  readonly #database: SqlDatabase;
  readonly #audit: AuditWriter;
  readonly #queries: CollectionQueries;

  constructor(database: SqlDatabase, audit: AuditWriter) {
    this.#database = database;
    this.#audit = audit;
    this.#queries = prepareCollectionQueries(database.builder);
  }

  async due(now: Instant, limit: number): Promise<readonly DueCollection[]> {
    const rows = await this.#queries.due.rows(this.#database.reader, { now, limit });
    return rows.flatMap(({ id, schedule, next_collection_at: slot }) =>
      schedule === null || slot === null
        ? []
        : [
            {
              registryId: stored.registryId(id),
              schedule: stored.json(SCHEDULE, schedule),
              slot,
            },
          ],
    );
  }

  async schedule(registryId: RegistryId): Promise<GarbageCollectionSchedule | undefined> {
    const row = await this.#queries.schedule.first(this.#database.reader, { registryId });
    return row?.schedule ? stored.json(SCHEDULE, row.schedule) : undefined;
  }

  async takeSlot(
    { registryId, slot }: DueCollection,
    next: Instant,
    run: NewRun | undefined,
    event?: AuditEvent,
  ): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const taken = await this.#queries.takeSlot.first(session, { registryId, slot, next });
      if (taken !== undefined && run !== undefined) {
        await this.#add(session, taken.key, run, "schedule");
        await this.#audit.write(session, event);
      }
      return taken !== undefined;
    });
  }

  async start(run: NewRun, event?: AuditEvent): Promise<CollectionRun> {
    const { registryId } = run;
    return this.#database.transaction(async (session) => {
      const registry = await this.#queries.registryKey.first(session, { registryId });
      if (registry === undefined) {
        throw new RegistryError("registry-unknown", { registry: registryId });
      }
      const values = { registryKey: registry.key, isDryRun: toFlag(run.isDryRun) };
      const underWay = await this.#queries.underWay.first(session, values);
      if (underWay !== undefined) {
        return toRun(underWay);
      }
      await this.#audit.write(session, event);
      return this.#add(session, registry.key, run, "request");
    });
  }

  async unfinished(limit: number): Promise<readonly CollectionRun[]> {
    const rows = await this.#queries.unfinished.rows(this.#database.reader, { limit });
    return rows.map(toRun);
  }

  async endMarking({ id, registryId }: CollectionRun, readOnlyMilliseconds: number): Promise<void> {
    await this.#database.transaction(async (session) => {
      await this.#queries.endMarking.run(session, { id, readOnlyMilliseconds });
      await this.#queries.endReadOnly.run(session, { registryId });
    });
  }

  async finish(
    { id, registryId }: CollectionRun,
    phase: "succeeded" | "failed",
    now: Instant,
    counted?: CountedGarbage,
  ): Promise<void> {
    await this.#database.transaction(async (session) => {
      if (counted !== undefined) {
        await this.#queries.setCounted.run(session, { id, ...counted });
      }
      await this.#queries.finish.run(session, { id, phase, now });
      await this.#queries.endReadOnly.run(session, { registryId });
    });
  }

  async find(registryId: RegistryId, id: RunId): Promise<CollectionRun | undefined> {
    const row = await this.#queries.find.first(this.#database.reader, { registryId, id });
    return row && toRun(row);
  }

  async list(registryId: RegistryId, limit: number): Promise<readonly CollectionRun[]> {
    const rows = await this.#queries.list.rows(this.#database.reader, { registryId, limit });
    return rows.map(toRun);
  }

  async latest(registryId: RegistryId): Promise<CollectionRun | undefined> {
    const row = await this.#queries.latest.first(this.#database.reader, { registryId });
    return row && toRun(row);
  }

  async #add(
    session: SqlSession,
    registryKey: number,
    { id, registryId, isDryRun, startedAt }: NewRun,
    trigger: RunTrigger,
  ): Promise<CollectionRun> {
    const isDryRunFlag = toFlag(isDryRun);
    const added = { registryKey, id, trigger, isDryRun: isDryRunFlag, startedAt };
    await this.#queries.add.run(session, added);
    await this.#queries.prune.run(session, { registryKey, kept: COLLECTION_RUNS_KEPT_MAX });
    return {
      id,
      registryId,
      trigger,
      isDryRun,
      phase: "marking",
      startedAt,
      finishedAt: undefined,
      readOnlyMilliseconds: undefined,
      manifests: 0,
      blobs: 0,
      bytes: 0,
    };
  }
}

type RunRow = Omit<CollectionRunsTable, "key" | "registry_key"> & { readonly registry_id: string };

function toRun(row: RunRow): CollectionRun {
  return {
    id: stored.runId(row.id),
    registryId: stored.registryId(row.registry_id),
    trigger: stored.oneOf(RUN_TRIGGERS, row.trigger_kind),
    isDryRun: row.is_dry_run === 1,
    phase: stored.oneOf(RUN_PHASES, row.phase),
    startedAt: row.started_at,
    finishedAt: row.finished_at ?? undefined,
    readOnlyMilliseconds: row.read_only_milliseconds ?? undefined,
    manifests: row.manifests,
    blobs: row.blobs,
    bytes: row.bytes,
  };
}
