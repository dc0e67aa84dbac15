import type { AuditEvent } from "../../domain/audit.ts";
import { RegistryError } from "../../domain/errors.ts";
import type { OrganizationId, RegistryId } from "../../domain/ids.ts";
import { inParts } from "../../domain/in-parts.ts";
import { VALUES_PER_QUERY_MAX } from "../../domain/limits.ts";
import type { Registry, Signature } from "../../domain/registry.ts";
import type { WrappedKey } from "../../ports/key-ring.ts";
import type {
  NewRegistry,
  RegistryChanges,
  RegistryPage,
  RegistryStore,
  RegistryUsage,
} from "../../ports/registry-store.ts";
import type { AuditWriter } from "./audit-writer.ts";
import { execute } from "./prepared-query.ts";
import { prepareRegistryQueries, type RegistryQueries } from "./registry-queries.ts";
import { toChangedColumns, toRegistry, toRegistryRow } from "./registry-rows.ts";
import type { SqlDatabase, SqlSession } from "./sql-database.ts";
import type { SqlRegistryPorts } from "./sql-registry-ports.ts";

export class SqlRegistryStore implements RegistryStore {
  readonly #database: SqlDatabase;
  readonly #audit: AuditWriter;
  readonly #queries: RegistryQueries;
  readonly #ports: SqlRegistryPorts;

  constructor(database: SqlDatabase, audit: AuditWriter, ports: SqlRegistryPorts) {
    this.#database = database;
    this.#audit = audit;
    this.#ports = ports;
    this.#queries = prepareRegistryQueries(database.builder);
  }

  async create(registry: NewRegistry, key: WrappedKey, event?: AuditEvent): Promise<void> {
    const { builder } = this.#database;
    await this.#database.transaction(async (session) => {
      const created = await execute(
        session,
        builder
          .insertInto("registries")
          .values((row) => ({
            ...toRegistryRow(registry, key),
            organization_key: row
              .selectFrom("organizations")
              .select("key")
              .where("id", "=", registry.organizationId),
          }))
          .onConflict((conflict) => conflict.doNothing())
          .returning("key"),
      );
      const registryKey = created.rows[0]?.key;
      if (registryKey === undefined) {
        throw new RegistryError("registry-name-taken", { name: registry.name });
      }
      await this.#queries.startUsage.run(session, { registryKey });
      if (registry.ports !== undefined) {
        await this.#ports.assign(session, registryKey, registry.ports);
      }
      await this.#audit.write(session, event);
    });
  }

  async find(organizationId: OrganizationId, id: RegistryId): Promise<Registry | undefined> {
    return this.#find(this.#database.reader, organizationId, id);
  }

  async findByName(name: string): Promise<Registry | undefined> {
    const row = await this.#queries.byName.first(this.#database.reader, { name });
    return row && toRegistry(row);
  }

  async list(organizationId: OrganizationId, page: RegistryPage): Promise<readonly Registry[]> {
    const { nameContains = "", after = "", limit } = page;
    const rows = await this.#queries.list.rows(this.#database.reader, {
      organizationId,
      // Names are in lower case.
      pattern: `%${nameContains.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`,
      after,
      limit,
    });
    return rows.map(toRegistry);
  }

  async update(
    organizationId: OrganizationId,
    id: RegistryId,
    changes: RegistryChanges,
    by: Signature,
    revision?: number,
    event?: AuditEvent,
  ): Promise<Registry | undefined> {
    return this.#database.transaction(async (session) => {
      const found = await this.#find(session, organizationId, id);
      if (found === undefined) {
        return undefined;
      }
      expectRevision(found, revision);
      await execute(
        session,
        this.#database.builder
          .updateTable("registries")
          .set(toChangedColumns(found, changes, by))
          .where("id", "=", id)
          .where("revision", "=", found.revision),
      );
      await this.#audit.write(session, event);
      return this.#find(session, organizationId, id);
    });
  }

  async remove(
    organizationId: OrganizationId,
    id: RegistryId,
    revision?: number,
    event?: AuditEvent,
  ): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const found = await this.#find(session, organizationId, id);
      if (found === undefined) {
        return false;
      }
      expectRevision(found, revision);
      if (found.isProtected) {
        throw new RegistryError("registry-protected", { registry: found.name });
      }
      await this.#audit.write(session, event);
      return (await this.#queries.remove.affected(session, { id })) === 1;
    });
  }

  async wrappedKey(id: RegistryId): Promise<WrappedKey | undefined> {
    return (await this.#queries.wrappedKey.first(this.#database.reader, { id }))?.wrapped_key;
  }

  async usage(organizationId: OrganizationId, id: RegistryId): Promise<RegistryUsage> {
    const row = await this.#queries.usage.first(this.#database.reader, { organizationId, id });
    return { bytes: row?.bytes ?? 0 };
  }

  async missing(ids: readonly RegistryId[]): Promise<readonly RegistryId[]> {
    const existing = new Set<string>();
    for (const some of inParts(ids, VALUES_PER_QUERY_MAX)) {
      const query = this.#database.builder
        .selectFrom("registries")
        .select("id")
        .where("id", "in", some);
      for (const row of (await execute(this.#database.reader, query)).rows) {
        existing.add(row.id);
      }
    }
    return ids.filter((id) => !existing.has(id));
  }

  async #find(
    session: SqlSession,
    organizationId: OrganizationId,
    id: RegistryId,
  ): Promise<Registry | undefined> {
    const row = await this.#queries.byId.first(session, { organizationId, id });
    return row && toRegistry(row);
  }
}

function expectRevision(registry: Registry, revision: number | undefined): void {
  if (revision !== undefined && revision !== registry.revision) {
    throw new RegistryError("registry-changed", { registry: registry.name });
  }
}
