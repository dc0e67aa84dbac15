import { type Kysely, sql } from "kysely";
import { type AuditEvent, cleanEvent } from "../../domain/audit.ts";
import { type PreparedQuery, prepare } from "./prepared-query.ts";
import type { SqlSession } from "./sql-database.ts";
import type { Tables } from "./tables.ts";

/** Writes events within the transactions of those changes that they tell of. */
export class AuditWriter {
  readonly #add: PreparedQuery<AuditValues, unknown>;

  constructor(builder: Kysely<Tables>) {
    this.#add = prepareAdd(builder);
  }

  /** To be called in the change's own transaction. Without an event it does nothing. */
  async write(session: SqlSession, event: AuditEvent | undefined): Promise<void> {
    if (event !== undefined) {
      await this.#add.run(session, toValues(cleanEvent(event)));
    }
  }
}

type AuditValues = ReturnType<typeof toValues>;

function toValues(event: AuditEvent) {
  const { actor, registry, resource, origin } = event;
  return {
    id: event.id as string,
    organizationId: event.organizationId ?? null,
    at: event.at,
    actorKind: actor.kind as string,
    actorId: actor.id ?? null,
    actorName: actor.name,
    action: event.action as string,
    outcome: event.outcome as string,
    reason: event.reason ?? null,
    registryId: registry?.id ?? null,
    registryName: registry?.name ?? null,
    resourceType: resource?.type ?? null,
    resourceId: resource?.id ?? null,
    resourceName: resource?.name ?? null,
    changes: JSON.stringify(event.changes),
    address: origin?.address ?? null,
    requestId: origin?.requestId ?? null,
    userAgent: origin?.userAgent ?? null,
    count: event.count,
  };
}

function prepareAdd(builder: Kysely<Tables>): PreparedQuery<AuditValues, unknown> {
  return prepare<AuditValues, unknown>(builder, (db, values) => {
    const firstOrganization = db.selectFrom("organizations").select("id").orderBy("key").limit(1);
    const ofRegistry = db
      .selectFrom("registries")
      .innerJoin("organizations", "organizations.key", "registries.organization_key")
      .select("organizations.id")
      .where("registries.id", "=", sql<string>`${values.registryId}`);
    // Of the same organization: what an id is called elsewhere is not for this log.
    const nameOfRegistry = db
      .selectFrom("registries")
      .innerJoin("organizations", "organizations.key", "registries.organization_key")
      .select("registries.name")
      .where("registries.id", "=", sql<string>`${values.registryId}`)
      .where(
        "organizations.id",
        "=",
        sql<string>`coalesce(${values.organizationId}, organizations.id)`,
      );
    return db.insertInto("audit_events").values({
      id: values.id,
      organization_id: sql<string>`coalesce(${values.organizationId}, ${ofRegistry}, ${firstOrganization})`,
      at: values.at,
      actor_kind: values.actorKind,
      actor_id: values.actorId,
      actor_name: values.actorName,
      action: values.action,
      outcome: values.outcome,
      reason: values.reason,
      registry_id: values.registryId,
      registry_name: sql<string | null>`coalesce(${values.registryName}, ${nameOfRegistry})`,
      resource_type: values.resourceType,
      resource_id: values.resourceId,
      resource_name: values.resourceName,
      changes: values.changes,
      address: values.address,
      request_id: values.requestId,
      user_agent: values.userAgent,
      count: values.count,
    });
  });
}
