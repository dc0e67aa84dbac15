import type { AuditEvent } from "../../domain/audit.ts";
import { RegistryError } from "../../domain/errors.ts";
import type { Instant, RegistryId, TokenId } from "../../domain/ids.ts";
import { OLD_SECRETS_PER_TOKEN_MAX } from "../../domain/limits.ts";
import type { Signature } from "../../domain/registry.ts";
import type { Scope } from "../../domain/scope.ts";
import type { Token } from "../../domain/token.ts";
import type { TokenChanges, TokenPage, TokenStore } from "../../ports/token-store.ts";
import type { AuditWriter } from "./audit-writer.ts";
import { execute } from "./prepared-query.ts";
import type { SqlDatabase, SqlSession } from "./sql-database.ts";
import { toFlag } from "./stored-values.ts";
import { prepareTokenQueries, type TokenQueries } from "./token-queries.ts";
import { type TokenRow, toScopeRow, toTokenRow, toTokens } from "./token-rows.ts";

export class SqlTokenStore implements TokenStore {
  readonly #database: SqlDatabase;
  readonly #audit: AuditWriter;
  readonly #queries: TokenQueries;

  constructor(database: SqlDatabase, audit: AuditWriter) {
    this.#database = database;
    this.#audit = audit;
    this.#queries = prepareTokenQueries(database.builder);
  }

  async create(token: Token, secretHash: string, event?: AuditEvent): Promise<void> {
    await this.#database.transaction(async (session) => {
      const { registryId } = token;
      const registry = await this.#queries.registryKey.first(session, { registryId });
      if (registry === undefined) {
        throw new RegistryError("registry-unknown", { registry: registryId });
      }
      const created = await execute(
        session,
        this.#database.builder
          .insertInto("tokens")
          .values(toTokenRow(token, registry.key))
          .onConflict((conflict) => conflict.doNothing())
          .returning("key"),
      );
      const tokenKey = created.rows[0]?.key;
      if (tokenKey === undefined) {
        throw new RegistryError("token-name-taken", { name: token.name });
      }
      await this.#queries.addSecret.run(session, { tokenKey, secretHash });
      await this.#addScopes(session, tokenKey, token.scopes);
      await this.#audit.write(session, event);
    });
  }

  async find(registryId: RegistryId, id: TokenId): Promise<Token | undefined> {
    return toTokens(
      await this.#queries.ofRegistry.rows(this.#database.reader, { registryId, id }),
    )[0];
  }

  async findBySecretHash(secretHash: string, now: Instant): Promise<Token | undefined> {
    const { reader } = this.#database;
    return toTokens(await this.#queries.bySecretHash.rows(reader, { secretHash, now }))[0];
  }

  async findById(id: TokenId): Promise<Token | undefined> {
    return toTokens(await this.#queries.byId.rows(this.#database.reader, { id }))[0];
  }

  async list(
    registryId: RegistryId,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<TokenPage> {
    const { reader } = this.#database;
    const rows = await this.#queries.page.rows(reader, { registryId, ...page });
    // An empty page has no row to carry the total.
    const counted = rows[0] ?? (await this.#queries.total.first(reader, { registryId }));
    return { tokens: toTokens(rows), total: counted?.total ?? 0 };
  }

  async update(
    registryId: RegistryId,
    id: TokenId,
    changes: TokenChanges,
    by: Signature,
    event?: AuditEvent,
  ): Promise<Token | undefined> {
    return this.#change(registryId, id, by, event, async (session, { key }) => {
      const { status, scopes, isOneTime, expiresAt, description } = changes;
      const columns = {
        ...(status !== undefined && { status }),
        ...(isOneTime !== undefined && { is_one_time: toFlag(isOneTime) }),
        ...(expiresAt !== undefined && { expires_at: expiresAt }),
        ...(description !== undefined && { description }),
      };
      const { builder } = this.#database;
      if (Object.keys(columns).length > 0) {
        await execute(session, builder.updateTable("tokens").set(columns).where("key", "=", key));
      }
      if (scopes !== undefined) {
        await execute(session, builder.deleteFrom("scopes").where("token_key", "=", key));
        await this.#addScopes(session, key, scopes);
      }
    });
  }

  async rotate(
    registryId: RegistryId,
    id: TokenId,
    secretHash: string,
    oldUntil: Instant | undefined,
    by: Signature,
    event?: AuditEvent,
  ): Promise<Token | undefined> {
    return this.#change(registryId, id, by, event, async (session, { key: tokenKey }) => {
      if (oldUntil === undefined) {
        await this.#queries.removeSecrets.run(session, { tokenKey });
      } else {
        await this.#queries.retireSecret.run(session, { tokenKey, until: oldUntil });
        const kept = { tokenKey, now: by.at, kept: OLD_SECRETS_PER_TOKEN_MAX };
        await this.#queries.trimSecrets.run(session, kept);
      }
      await this.#queries.addSecret.run(session, { tokenKey, secretHash });
    });
  }

  async remove(registryId: RegistryId, id: TokenId, event?: AuditEvent): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const row = await this.#queries.ofRegistry.first(session, { registryId, id });
      if (row === undefined) {
        return false;
      }
      await this.#audit.write(session, event);
      return (await this.#queries.remove.affected(session, row)) === 1;
    });
  }

  async removeExpired(
    now: Instant,
    limit: number,
    eventOf?: (token: Token) => AuditEvent,
  ): Promise<readonly Token[]> {
    return this.#database.transaction(async (session) => {
      const rows = await this.#queries.expired.rows(session, { now, limit });
      for (const key of new Set(rows.map((row) => row.key))) {
        await this.#queries.remove.run(session, { key });
      }
      await this.#queries.removeEndedSecrets.run(session, { now });
      const tokens = toTokens(rows);
      for (const token of tokens) {
        await this.#audit.write(session, eventOf?.(token));
      }
      return tokens;
    });
  }

  async touch(lastUsed: ReadonlyMap<TokenId, Instant>): Promise<void> {
    await this.#database.transaction(async (session) => {
      for (const [id, at] of lastUsed) {
        await this.#queries.touch.run(session, { id, at });
      }
    });
  }

  async #change(
    registryId: RegistryId,
    id: TokenId,
    by: Signature,
    event: AuditEvent | undefined,
    change: (session: SqlSession, row: TokenRow) => Promise<void>,
  ): Promise<Token | undefined> {
    return this.#database.transaction(async (session) => {
      const row = await this.#queries.ofRegistry.first(session, { registryId, id });
      if (row === undefined) {
        return undefined;
      }
      await change(session, row);
      await this.#audit.write(session, event);
      const signed = { modified_at: by.at, modified_by_id: by.byId, modified_by_name: by.byName };
      await execute(
        session,
        this.#database.builder.updateTable("tokens").set(signed).where("key", "=", row.key),
      );
      return toTokens(await this.#queries.ofRegistry.rows(session, { registryId, id }))[0];
    });
  }

  async #addScopes(session: SqlSession, tokenKey: number, scopes: readonly Scope[]): Promise<void> {
    const rows = scopes.map((scope, position) => toScopeRow(scope, tokenKey, position));
    if (rows.length > 0) {
      await execute(session, this.#database.builder.insertInto("scopes").values(rows));
    }
  }
}
