import { type Kysely, sql } from "kysely";
import type { AuditEvent } from "../../domain/audit.ts";
import { RegistryError } from "../../domain/errors.ts";
import type { OrganizationId } from "../../domain/ids.ts";
import type { User } from "../../domain/user.ts";
import type { Organization, OrganizationStore } from "../../ports/organization-store.ts";
import type { AuditWriter } from "./audit-writer.ts";
import { execute, type Placeholders, prepare } from "./prepared-query.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { insertUser } from "./sql-user-store.ts";
import { stored } from "./stored-values.ts";
import type { OrganizationsTable, Tables } from "./tables.ts";

export class SqlOrganizationStore implements OrganizationStore {
  readonly #database: SqlDatabase;
  readonly #audit: AuditWriter;
  readonly #queries: ReturnType<typeof prepareQueries>;

  constructor(database: SqlDatabase, audit: AuditWriter) {
    this.#database = database;
    this.#audit = audit;
    this.#queries = prepareQueries(database.builder);
  }

  async bootstrap(
    { id, name, contractNumber }: Organization,
    owner: User,
    event?: AuditEvent,
  ): Promise<boolean> {
    const { builder } = this.#database;
    return this.#database.transaction(async (session) => {
      if ((await this.#queries.list.first(session, { after: 0, limit: 1 })) !== undefined) {
        return false;
      }
      const row = { id, name, contract_number: contractNumber };
      await execute(session, builder.insertInto("organizations").values(row));
      await insertUser(this.#database, session, owner);
      await this.#audit.write(session, event);
      return true;
    });
  }

  async create(
    { id, name }: Omit<Organization, "contractNumber">,
    owner: User,
    event?: AuditEvent,
  ): Promise<Organization> {
    return this.#database.transaction(async (session) => {
      if ((await this.#queries.byName.first(session, { name })) !== undefined) {
        throw new RegistryError("organization-name-taken", { name });
      }
      const row = await this.#queries.insert.first(session, { id, name });
      if (row === undefined) {
        throw new Error("an organization that was inserted has no row");
      }
      await insertUser(this.#database, session, owner);
      await this.#audit.write(session, event);
      return toOrganization(row);
    });
  }

  async find(id: OrganizationId): Promise<Organization | undefined> {
    const row = await this.#queries.byId.first(this.#database.reader, { id });
    return row && toOrganization(row);
  }

  async list(page: { after: number; limit: number }): Promise<readonly Organization[]> {
    return (await this.#queries.list.rows(this.#database.reader, page)).map(toOrganization);
  }
}

function prepareQueries(builder: Kysely<Tables>) {
  const COLUMNS = ["id", "name", "contract_number"] as const;
  return {
    byId: prepare(builder, (db, { id }: Placeholders<{ id: string }>) =>
      db.selectFrom("organizations").select(COLUMNS).where("id", "=", id),
    ),
    byName: prepare(builder, (db, { name }: Placeholders<{ name: string }>) =>
      db.selectFrom("organizations").select("key").where("name", "=", name),
    ),
    list: prepare(builder, (db, page: Placeholders<{ after: number; limit: number }>) =>
      db
        .selectFrom("organizations")
        .select(COLUMNS)
        .where("contract_number", ">", page.after)
        .orderBy("contract_number")
        .limit(page.limit),
    ),
    insert: prepare(builder, (db, { id, name }: Placeholders<{ id: string; name: string }>) =>
      db
        .insertInto("organizations")
        .columns(["id", "name", "contract_number"])
        .expression((row) =>
          row
            .selectFrom("organizations")
            .select([
              id.as("id"),
              name.as("name"),
              sql<number>`coalesce(max(contract_number), 0) + 1`.as("contract_number"),
            ]),
        )
        .returning(COLUMNS),
    ),
  };
}

function toOrganization(row: Omit<OrganizationsTable, "key">): Organization {
  return {
    id: stored.organizationId(row.id),
    name: row.name,
    contractNumber: row.contract_number,
  };
}
