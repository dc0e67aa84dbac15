import type { Kysely } from "kysely";
import type { AuditEvent } from "../../domain/audit.ts";
import { RegistryError } from "../../domain/errors.ts";
import type { OrganizationId, UserId } from "../../domain/ids.ts";
import type { Signature } from "../../domain/registry.ts";
import type { User } from "../../domain/user.ts";
import type { UserChanges, UserPage, UserStore } from "../../ports/user-store.ts";
import type { AuditWriter } from "./audit-writer.ts";
import { execute, type Placeholders, prepare } from "./prepared-query.ts";
import type { SqlDatabase, SqlSession } from "./sql-database.ts";
import type { Tables } from "./tables.ts";
import { fold, toUser, toUserRow, USER_COLUMNS } from "./user-rows.ts";

export class SqlUserStore implements UserStore {
  readonly #database: SqlDatabase;
  readonly #audit: AuditWriter;
  readonly #queries: ReturnType<typeof prepareQueries>;

  constructor(database: SqlDatabase, audit: AuditWriter) {
    this.#database = database;
    this.#audit = audit;
    this.#queries = prepareQueries(database.builder);
  }

  async findByEmail(email: string): Promise<User | undefined> {
    const row = await this.#queries.byEmail.first(this.#database.reader, { email: fold(email) });
    return row && toUser(row);
  }

  async findById(id: UserId): Promise<User | undefined> {
    const row = await this.#queries.byId.first(this.#database.reader, { id });
    return row && toUser(row);
  }

  async find(organizationId: OrganizationId, id: UserId): Promise<User | undefined> {
    return this.#find(this.#database.reader, organizationId, id);
  }

  async list(organizationId: OrganizationId, page: UserPage): Promise<readonly User[]> {
    const { after = "", limit } = page;
    const values = { organizationId, after: fold(after), limit };
    return (await this.#queries.list.rows(this.#database.reader, values)).map(toUser);
  }

  async create(user: User, event?: AuditEvent): Promise<void> {
    await this.#database.transaction(async (session) => {
      await insertUser(this.#database, session, user);
      await this.#audit.write(session, event);
    });
  }

  async update(
    organizationId: OrganizationId,
    id: UserId,
    changes: UserChanges,
    by: Signature,
    revision: number,
    event?: AuditEvent,
  ): Promise<User | undefined> {
    return this.#database.transaction(async (session) => {
      const found = await this.#findToChange(session, organizationId, id, revision);
      if (found === undefined) {
        return undefined;
      }
      const { role = found.role, passwordHash, displayName } = changes;
      if (role !== "owner") {
        await this.#expectAnotherOwner(session, found);
      }
      await execute(
        session,
        this.#database.builder
          .updateTable("users")
          .set({
            role,
            ...(passwordHash !== undefined && { password_hash: passwordHash }),
            ...(displayName !== undefined && { display_name: displayName }),
            modified_at: by.at,
            modified_by_id: by.byId,
            modified_by_name: by.byName,
            revision: found.revision + 1,
          })
          .where("id", "=", id),
      );
      await this.#audit.write(session, event);
      return this.#find(session, organizationId, id);
    });
  }

  async remove(
    organizationId: OrganizationId,
    id: UserId,
    revision: number,
    event?: AuditEvent,
  ): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const found = await this.#findToChange(session, organizationId, id, revision);
      if (found === undefined) {
        return false;
      }
      await this.#expectAnotherOwner(session, found);
      await this.#audit.write(session, event);
      return (await this.#queries.remove.affected(session, { id })) === 1;
    });
  }

  async #find(
    session: SqlSession,
    organizationId: OrganizationId,
    id: UserId,
  ): Promise<User | undefined> {
    const row = await this.#queries.inOrganization.first(session, { organizationId, id });
    return row && toUser(row);
  }

  /** Locks the organization's row first: others who change its people wait until this transaction has ended, whatever the database. */
  async #findToChange(
    session: SqlSession,
    organizationId: OrganizationId,
    id: UserId,
    revision: number,
  ): Promise<User | undefined> {
    await this.#queries.lock.run(session, { organizationId });
    const found = await this.#find(session, organizationId, id);
    if (found !== undefined && found.revision !== revision) {
      throw new RegistryError("user-changed", { user: id });
    }
    return found;
  }

  /** @throws RegistryError `owner-last` */
  async #expectAnotherOwner(session: SqlSession, { id, email, role, ...user }: User) {
    if (role !== "owner") {
      return;
    }
    const { organizationId } = user;
    if ((await this.#queries.otherOwner.first(session, { organizationId, id })) === undefined) {
      throw new RegistryError("owner-last", { user: email });
    }
  }
}

/** @throws RegistryError `user-email-taken` */
export async function insertUser(
  { builder }: SqlDatabase,
  session: SqlSession,
  user: User,
): Promise<void> {
  const { affected } = await execute(
    session,
    builder
      .insertInto("users")
      .values((row) => ({
        ...toUserRow(user),
        organization_key: row
          .selectFrom("organizations")
          .select("key")
          .where("id", "=", user.organizationId),
      }))
      .onConflict((conflict) => conflict.doNothing()),
  );
  if (affected === 0) {
    throw new RegistryError("user-email-taken", { email: user.email });
  }
}

function prepareQueries(builder: Kysely<Tables>) {
  const users = (db: Kysely<Tables>) =>
    db
      .selectFrom("users")
      .innerJoin("organizations", "organizations.key", "users.organization_key")
      .select(USER_COLUMNS);
  return {
    byEmail: prepare(builder, (db, { email }: Placeholders<{ email: string }>) =>
      users(db).where("users.email_folded", "=", email),
    ),
    byId: prepare(builder, (db, { id }: Placeholders<{ id: string }>) =>
      users(db).where("users.id", "=", id),
    ),
    inOrganization: prepare(
      builder,
      (db, values: Placeholders<{ organizationId: string; id: string }>) =>
        users(db)
          .where("users.id", "=", values.id)
          .where("organizations.id", "=", values.organizationId),
    ),
    list: prepare(
      builder,
      (db, values: Placeholders<{ organizationId: string; after: string; limit: number }>) =>
        users(db)
          .where("organizations.id", "=", values.organizationId)
          .where("users.email_folded", ">", values.after)
          .orderBy("users.email_folded")
          .limit(values.limit),
    ),
    lock: prepare(builder, (db, values: Placeholders<{ organizationId: string }>) =>
      db
        .updateTable("organizations")
        .set(({ ref }) => ({ contract_number: ref("contract_number") }))
        .where("id", "=", values.organizationId),
    ),
    otherOwner: prepare(
      builder,
      (db, values: Placeholders<{ organizationId: string; id: string }>) =>
        users(db)
          .where("organizations.id", "=", values.organizationId)
          .where("users.role", "=", "owner")
          .where("users.id", "<>", values.id)
          .limit(1),
    ),
    remove: prepare(builder, (db, { id }: Placeholders<{ id: string }>) =>
      db.deleteFrom("users").where("id", "=", id),
    ),
  };
}
