import type { Kysely } from "kysely";
import type { OrganizationId, UserId } from "../../domain/ids.ts";
import { ROLES } from "../../domain/role.ts";
import type { User } from "../../domain/user.ts";
import type { Organization, UserStore } from "../../ports/user-store.ts";
import { execute, type Placeholders, prepare } from "./prepared-query.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { stored } from "./stored-values.ts";
import type { Tables } from "./tables.ts";

export class SqlUserStore implements UserStore {
  readonly #database: SqlDatabase;
  readonly #queries: ReturnType<typeof prepareQueries>;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#queries = prepareQueries(database.builder);
  }

  async bootstrap(organization: Organization, owner: User): Promise<boolean> {
    const { builder } = this.#database;
    return this.#database.transaction(async (session) => {
      const anyone = builder.selectFrom("organizations").select("key").limit(1);
      if ((await execute(session, anyone)).rows.length > 0) {
        return false;
      }
      await execute(
        session,
        builder.insertInto("organizations").values({
          id: organization.id,
          name: organization.name,
          contract_number: organization.contractNumber,
        }),
      );
      await execute(
        session,
        builder.insertInto("users").values((row) => ({
          organization_key: row
            .selectFrom("organizations")
            .select("key")
            .where("id", "=", organization.id),
          id: owner.id,
          email: owner.email,
          email_folded: fold(owner.email),
          display_name: owner.displayName ?? null,
          role: owner.role,
          password_hash: owner.passwordHash ?? null,
          created_at: owner.createdAt,
        })),
      );
      return true;
    });
  }

  async organization(id: OrganizationId): Promise<Organization | undefined> {
    const row = await this.#queries.organization.first(this.#database.reader, { id });
    return (
      row && {
        id: stored.organizationId(row.id),
        name: row.name,
        contractNumber: row.contract_number,
      }
    );
  }

  async findByEmail(email: string): Promise<User | undefined> {
    const row = await this.#queries.byEmail.first(this.#database.reader, { email: fold(email) });
    return row && toUser(row);
  }

  async find(id: UserId): Promise<User | undefined> {
    const row = await this.#queries.byId.first(this.#database.reader, { id });
    return row && toUser(row);
  }

  async setPasswordHash(
    organizationId: OrganizationId,
    id: UserId,
    hash: string,
  ): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const values = { organizationId, id, hash };
      return (await this.#queries.setPasswordHash.affected(session, values)) === 1;
    });
  }
}

/** Addresses are told apart without regard to case. */
function fold(email: string): string {
  return email.normalize("NFC").toLowerCase();
}

function prepareQueries(builder: Kysely<Tables>) {
  const users = (db: Kysely<Tables>) =>
    db
      .selectFrom("users")
      .innerJoin("organizations", "organizations.key", "users.organization_key")
      .select([
        "users.id",
        "organizations.id as organization_id",
        "users.email",
        "users.display_name",
        "users.role",
        "users.password_hash",
        "users.created_at",
      ]);
  return {
    organization: prepare(builder, (db, { id }: Placeholders<{ id: string }>) =>
      db.selectFrom("organizations").select(["id", "name", "contract_number"]).where("id", "=", id),
    ),
    byEmail: prepare(builder, (db, { email }: Placeholders<{ email: string }>) =>
      users(db).where("users.email_folded", "=", email),
    ),
    byId: prepare(builder, (db, { id }: Placeholders<{ id: string }>) =>
      users(db).where("users.id", "=", id),
    ),
    setPasswordHash: prepare(
      builder,
      (db, values: Placeholders<{ organizationId: string; id: string; hash: string }>) =>
        db
          .updateTable("users")
          .set({ password_hash: values.hash })
          .where("id", "=", values.id)
          .where("organization_key", "=", (query) =>
            query.selectFrom("organizations").select("key").where("id", "=", values.organizationId),
          ),
    ),
  };
}

interface UserRow {
  readonly id: string;
  readonly organization_id: string;
  readonly email: string;
  readonly display_name: string | null;
  readonly role: string;
  readonly password_hash: string | null;
  readonly created_at: number;
}

function toUser(row: UserRow): User {
  return {
    id: stored.userId(row.id),
    organizationId: stored.organizationId(row.organization_id),
    email: row.email,
    displayName: row.display_name ?? undefined,
    role: stored.oneOf(ROLES, row.role),
    passwordHash: row.password_hash ?? undefined,
    createdAt: row.created_at,
  };
}
