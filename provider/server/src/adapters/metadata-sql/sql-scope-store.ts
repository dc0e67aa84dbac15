import { type Kysely, sql } from "kysely";
import type { AuditEvent } from "../../domain/audit.ts";
import { RegistryError } from "../../domain/errors.ts";
import type { ScopeId, TokenId } from "../../domain/ids.ts";
import { SCOPES_PER_TOKEN_MAX } from "../../domain/limits.ts";
import type { Scope } from "../../domain/scope.ts";
import type { ScopeStore } from "../../ports/scope-store.ts";
import type { AuditWriter } from "./audit-writer.ts";
import { execute, type Placeholders, prepare } from "./prepared-query.ts";
import type { SqlDatabase } from "./sql-database.ts";
import type { Tables } from "./tables.ts";
import { toScopeRow } from "./token-rows.ts";

export class SqlScopeStore implements ScopeStore {
  readonly #database: SqlDatabase;
  readonly #audit: AuditWriter;
  readonly #queries: ReturnType<typeof prepareQueries>;

  constructor(database: SqlDatabase, audit: AuditWriter) {
    this.#database = database;
    this.#audit = audit;
    this.#queries = prepareQueries(database.builder);
  }

  async add(tokenId: TokenId, scope: Scope, event?: AuditEvent): Promise<boolean> {
    const { builder } = this.#database;
    return this.#database.transaction(async (session) => {
      const token = await this.#queries.last.first(session, { tokenId });
      if (token === undefined) {
        return false;
      }
      if (token.count >= SCOPES_PER_TOKEN_MAX) {
        throw new RegistryError("scopes-exhausted", { scopesMax: SCOPES_PER_TOKEN_MAX });
      }
      const position = (token.position ?? -1) + 1;
      const row = toScopeRow(scope, token.key, position);
      await execute(session, builder.insertInto("scopes").values(row));
      await this.#audit.write(session, event);
      return true;
    });
  }

  async replace(tokenId: TokenId, scope: Scope, event?: AuditEvent): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const { type, name, actions } = toScopeRow(scope, 0, 0);
      const values = { tokenId, id: scope.id, type, name, actions };
      const isReplaced = (await this.#queries.replace.affected(session, values)) === 1;
      await this.#audit.write(session, isReplaced ? event : undefined);
      return isReplaced;
    });
  }

  async remove(tokenId: TokenId, id: ScopeId, event?: AuditEvent): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const isRemoved = (await this.#queries.remove.affected(session, { tokenId, id })) === 1;
      await this.#audit.write(session, isRemoved ? event : undefined);
      return isRemoved;
    });
  }
}

function prepareQueries(builder: Kysely<Tables>) {
  return {
    /** Where the scopes of a token end, and how many there are. */
    last: prepare(builder, (db, { tokenId }: Placeholders<{ tokenId: string }>) =>
      db
        .selectFrom("tokens")
        .leftJoin("scopes", "scopes.token_key", "tokens.key")
        .select([
          "tokens.key",
          sql<number>`count(scopes.position)`.as("count"),
          sql<number | null>`max(scopes.position)`.as("position"),
        ])
        .where("tokens.id", "=", tokenId)
        .groupBy("tokens.key"),
    ),
    replace: prepare(
      builder,
      (
        db,
        values: Placeholders<{
          tokenId: string;
          id: string;
          type: string;
          name: string;
          actions: string;
        }>,
      ) =>
        db
          .updateTable("scopes")
          .set({ type: values.type, name: values.name, actions: values.actions })
          .where("id", "=", values.id)
          .where("token_key", "=", (query) =>
            query.selectFrom("tokens").select("key").where("tokens.id", "=", values.tokenId),
          ),
    ),
    remove: prepare(builder, (db, values: Placeholders<{ tokenId: string; id: string }>) =>
      db
        .deleteFrom("scopes")
        .where("id", "=", values.id)
        .where("token_key", "=", (query) =>
          query.selectFrom("tokens").select("key").where("tokens.id", "=", values.tokenId),
        ),
    ),
  };
}
