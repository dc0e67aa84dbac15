import { type Kysely, sql } from "kysely";
import { type Placeholders, prepare } from "./prepared-query.ts";
import type { Tables } from "./tables.ts";
import { SCOPE_COLUMNS, TOKEN_COLUMNS } from "./token-rows.ts";

export type TokenQueries = ReturnType<typeof prepareTokenQueries>;

export function prepareTokenQueries(builder: Kysely<Tables>) {
  return { ...prepareLookUps(builder), ...prepareLists(builder), ...prepareChanges(builder) };
}

/** Tokens with their scopes, a row for each scope, in one query, so that both are of the same moment. */
function selectTokens(db: Kysely<Tables>) {
  return db
    .selectFrom("tokens")
    .innerJoin("registries", "registries.key", "tokens.registry_key")
    .innerJoin("organizations", "organizations.key", "registries.organization_key")
    .leftJoin("scopes", "scopes.token_key", "tokens.key")
    .select(TOKEN_COLUMNS)
    .select(SCOPE_COLUMNS);
}

function prepareLookUps(builder: Kysely<Tables>) {
  return {
    byId: prepare(builder, (db, { id }: Placeholders<{ id: string }>) =>
      selectTokens(db).where("tokens.id", "=", id),
    ),
    ofRegistry: prepare(builder, (db, values: Placeholders<{ registryId: string; id: string }>) =>
      selectTokens(db)
        .where("tokens.id", "=", values.id)
        .where("registries.id", "=", values.registryId),
    ),
    bySecretHash: prepare(
      builder,
      (db, values: Placeholders<{ secretHash: string; now: number }>) =>
        selectTokens(db)
          .innerJoin("token_secrets", "token_secrets.token_key", "tokens.key")
          .where("token_secrets.secret_hash", "=", values.secretHash)
          .where((row) =>
            row.or([
              row("token_secrets.valid_until", "is", null),
              row("token_secrets.valid_until", ">", values.now),
            ]),
          ),
    ),
    registryKey: prepare(builder, (db, { registryId }: Placeholders<{ registryId: string }>) =>
      db.selectFrom("registries").select("key").where("id", "=", registryId),
    ),
  };
}

function prepareLists(builder: Kysely<Tables>) {
  return {
    page: prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; offset: number; limit: number }>) =>
        selectTokens(db)
          .select((row) =>
            row
              .selectFrom("tokens as all_tokens")
              .select(sql<number>`count(*)`.as("total"))
              .where("all_tokens.registry_key", "=", (query) =>
                query.selectFrom("registries").select("key").where("id", "=", values.registryId),
              )
              .as("total"),
          )
          .where("tokens.key", "in", (query) =>
            query
              .selectFrom("tokens as page")
              .select("page.key")
              .where("page.registry_key", "=", (inner) =>
                inner.selectFrom("registries").select("key").where("id", "=", values.registryId),
              )
              .orderBy("page.key")
              .limit(values.limit)
              .offset(values.offset),
          ),
    ),
    total: prepare(builder, (db, { registryId }: Placeholders<{ registryId: string }>) =>
      db
        .selectFrom("tokens")
        .select(sql<number>`count(*)`.as("total"))
        .where("registry_key", "=", (query) =>
          query.selectFrom("registries").select("registries.key").where("id", "=", registryId),
        ),
    ),
    expired: prepare(builder, (db, values: Placeholders<{ now: number; limit: number }>) =>
      selectTokens(db).where("tokens.key", "in", (query) =>
        query
          .selectFrom("tokens as page")
          .select("page.key")
          .where("page.expires_at", "is not", null)
          .where("page.expires_at", "<=", values.now)
          .orderBy("page.expires_at")
          .limit(values.limit),
      ),
    ),
  };
}

function prepareChanges(builder: Kysely<Tables>) {
  return {
    remove: prepare(builder, (db, { key }: Placeholders<{ key: number }>) =>
      db.deleteFrom("tokens").where("key", "=", key),
    ),
    touch: prepare(builder, (db, { id, at }: Placeholders<{ id: string; at: number }>) =>
      db
        .updateTable("tokens")
        .set({ last_used_at: at })
        .where("id", "=", id)
        .where((row) => row.or([row("last_used_at", "is", null), row("last_used_at", "<", at)])),
    ),
    addSecret: prepare(
      builder,
      (db, values: Placeholders<{ tokenKey: number; secretHash: string }>) =>
        db.insertInto("token_secrets").values({
          token_key: values.tokenKey,
          secret_hash: values.secretHash,
          valid_until: null,
        }),
    ),
    retireSecret: prepare(
      builder,
      (db, { tokenKey, until }: Placeholders<{ tokenKey: number; until: number }>) =>
        db
          .updateTable("token_secrets")
          .set({ valid_until: until })
          .where("token_key", "=", tokenKey)
          .where("valid_until", "is", null),
    ),
    removeSecrets: prepare(builder, (db, { tokenKey }: Placeholders<{ tokenKey: number }>) =>
      db.deleteFrom("token_secrets").where("token_key", "=", tokenKey),
    ),
    /** All but the `kept` old secrets that last longest, and the current one. */
    trimSecrets: prepare(
      builder,
      (db, values: Placeholders<{ tokenKey: number; now: number; kept: number }>) =>
        db
          .deleteFrom("token_secrets")
          .where("token_key", "=", values.tokenKey)
          .where("valid_until", "is not", null)
          .where((row) =>
            row.or([
              row("valid_until", "<=", values.now),
              row("secret_hash", "not in", (query) =>
                query
                  .selectFrom("token_secrets as kept")
                  .select("kept.secret_hash")
                  .where("kept.token_key", "=", values.tokenKey)
                  .where("kept.valid_until", "is not", null)
                  .orderBy("kept.valid_until", "desc")
                  .limit(values.kept),
              ),
            ]),
          ),
    ),
    removeEndedSecrets: prepare(builder, (db, { now }: Placeholders<{ now: number }>) =>
      db
        .deleteFrom("token_secrets")
        .where("valid_until", "is not", null)
        .where("valid_until", "<=", now),
    ),
  };
}
