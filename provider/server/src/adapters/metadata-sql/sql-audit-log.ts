import { type Kysely, type Selectable, type SelectQueryBuilder, sql } from "kysely";
import {
  ACTOR_KINDS,
  AUDIT_ACTIONS,
  AUDIT_OUTCOMES,
  type AuditEvent,
  RESOURCE_TYPES,
} from "../../domain/audit.ts";
import type { Instant, OrganizationId } from "../../domain/ids.ts";
import type { AuditFilter, AuditLog, AuditPage, StoredAuditEvent } from "../../ports/audit-log.ts";
import type { AuditWriter } from "./audit-writer.ts";
import { execute, type Placeholders, prepare } from "./prepared-query.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { stored, TEXTS } from "./stored-values.ts";
import type { AuditEventsTable, Tables } from "./tables.ts";

export class SqlAuditLog implements AuditLog {
  readonly #database: SqlDatabase;
  readonly #writer: AuditWriter;
  readonly #queries: ReturnType<typeof prepareQueries>;

  constructor(database: SqlDatabase, writer: AuditWriter) {
    this.#database = database;
    this.#queries = prepareQueries(database.builder);
    this.#writer = writer;
  }

  async append(events: readonly AuditEvent[]): Promise<void> {
    await this.#database.transaction(async (session) => {
      for (const event of events) {
        await this.#writer.write(session, event);
      }
    });
  }

  async list(
    organizationId: OrganizationId,
    { after, limit, ...filter }: AuditPage,
  ): Promise<readonly StoredAuditEvent[]> {
    const direction = filter.isOldestFirst ? "asc" : "desc";
    let query = matching(this.#database, organizationId, filter);
    if (after !== undefined) {
      const place = sql`(at, key)`;
      const start = sql`(${after.at}, ${after.key})`;
      query = query.where(
        filter.isOldestFirst
          ? sql<boolean>`${place} > ${start}`
          : sql<boolean>`${place} < ${start}`,
      );
    }
    const page = query.orderBy("at", direction).orderBy("key", direction).limit(limit);
    return (await execute(this.#database.reader, page)).rows.map(toStoredEvent);
  }

  async removeBefore(
    organizationId: OrganizationId,
    moment: Instant,
    limit: number,
    eventOf: (count: number) => AuditEvent,
  ): Promise<number> {
    return this.#database.transaction(async (session) => {
      await this.#queries.keepFrom.run(session, { moment });
      const values = { organizationId, moment, limit };
      const count = await this.#queries.removeBefore.affected(session, values);
      await this.#writer.write(session, count > 0 ? eventOf(count) : undefined);
      return count;
    });
  }
}

function prepareQueries(builder: Kysely<Tables>) {
  return {
    keepFrom: prepare(builder, (db, { moment }: Placeholders<{ moment: number }>) =>
      db
        .updateTable("audit_retention")
        .set({ kept_from: moment })
        .where("one", "=", 1)
        .where("kept_from", "<", moment),
    ),
    removeBefore: prepare(
      builder,
      (db, values: Placeholders<{ organizationId: string; moment: number; limit: number }>) =>
        db
          .deleteFrom("audit_events")
          .where("key", "in", (inner) =>
            inner
              .selectFrom("audit_events")
              .select("key")
              .where("organization_id", "=", values.organizationId)
              .where("at", "<", values.moment)
              .orderBy("at")
              .orderBy("key")
              .limit(values.limit),
          ),
    ),
  };
}

type Row = Selectable<AuditEventsTable>;

function matching(
  { builder }: SqlDatabase,
  organizationId: OrganizationId,
  { since, until, registryId, actorId, actorName, action }: Omit<AuditFilter, "isOldestFirst">,
): SelectQueryBuilder<Tables, "audit_events", Row> {
  let query = builder
    .selectFrom("audit_events")
    .selectAll()
    .where("organization_id", "=", organizationId);
  if (since !== undefined) {
    query = query.where("at", ">=", since);
  }
  if (until !== undefined) {
    query = query.where("at", "<", until);
  }
  if (registryId !== undefined) {
    query = query.where("registry_id", "=", registryId);
  }
  if (actorId !== undefined) {
    query = query.where("actor_id", "=", actorId);
  }
  if (actorName !== undefined) {
    query = query.where("actor_name", "=", actorName);
  }
  return action === undefined ? query : query.where("action", "=", action);
}

function toStoredEvent(row: Row): StoredAuditEvent {
  const { at, key, registry_id: registryId, resource_type: type, address } = row;
  const event: AuditEvent = {
    id: stored.auditEventId(row.id),
    organizationId: stored.organizationId(row.organization_id),
    at,
    actor: {
      kind: stored.oneOf(ACTOR_KINDS, row.actor_kind),
      id: row.actor_id ?? undefined,
      name: row.actor_name,
    },
    action: stored.oneOf(AUDIT_ACTIONS, row.action),
    outcome: stored.oneOf(AUDIT_OUTCOMES, row.outcome),
    reason: row.reason ?? undefined,
    registry:
      registryId === null
        ? undefined
        : { id: stored.registryId(registryId), name: row.registry_name ?? undefined },
    resource:
      type === null
        ? undefined
        : {
            type: stored.oneOf(RESOURCE_TYPES, type),
            id: row.resource_id ?? undefined,
            name: row.resource_name ?? "",
          },
    changes: stored.json(TEXTS, row.changes),
    origin:
      address === null
        ? undefined
        : { address, requestId: row.request_id ?? "", userAgent: row.user_agent ?? undefined },
    count: row.count,
  };
  return { event, position: { at, key } };
}
