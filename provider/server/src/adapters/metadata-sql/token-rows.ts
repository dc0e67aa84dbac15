import { SCOPE_TYPES, type Scope } from "../../domain/scope.ts";
import { TOKEN_STATUSES, type Token } from "../../domain/token.ts";
import { fromSignature, toSignature } from "./signature-columns.ts";
import { stored, TEXTS, toFlag } from "./stored-values.ts";
import type { ScopesTable, TokensTable } from "./tables.ts";

/** What a `Token` without its scopes is made of. */
export const TOKEN_COLUMNS = [
  "tokens.key",
  "tokens.id",
  "organizations.id as organization_id",
  "registries.id as registry_id",
  "tokens.name",
  "tokens.description",
  "tokens.status",
  "tokens.expires_at",
  "tokens.is_one_time",
  "tokens.last_used_at",
  "tokens.created_at",
  "tokens.created_by_id",
  "tokens.created_by_name",
  "tokens.modified_at",
  "tokens.modified_by_id",
  "tokens.modified_by_name",
] as const;

/** What a `Scope` is made of, beside the columns of its token: all null for a token that has none. */
export const SCOPE_COLUMNS = [
  "scopes.position as scope_position",
  "scopes.id as scope_id",
  "scopes.type as scope_type",
  "scopes.name as scope_name",
  "scopes.actions as scope_actions",
] as const;

export interface TokenRow extends Omit<TokensTable, "key" | "registry_key"> {
  readonly key: number;
  readonly organization_id: string;
  readonly registry_id: string;
  readonly scope_position: number | null;
  readonly scope_id: string | null;
  readonly scope_type: string | null;
  readonly scope_name: string | null;
  readonly scope_actions: string | null;
}

/** Puts tokens together from one row for each of their scopes, in the order of their creation. */
export function toTokens(rows: readonly TokenRow[]): readonly Token[] {
  if (rows.length === 1 && rows[0] !== undefined) {
    return [toToken(rows[0], rows)];
  }
  return [...Map.groupBy(rows, (row) => row.key)]
    .sort(([left], [right]) => left - right)
    .flatMap(([, group]) => (group[0] === undefined ? [] : [toToken(group[0], group)]));
}

function toToken(row: TokenRow, rows: readonly TokenRow[]): Token {
  return {
    id: stored.tokenId(row.id),
    organizationId: stored.organizationId(row.organization_id),
    registryId: stored.registryId(row.registry_id),
    name: row.name,
    description: row.description ?? undefined,
    status: stored.oneOf(TOKEN_STATUSES, row.status),
    expiresAt: row.expires_at ?? undefined,
    isOneTime: row.is_one_time === 1,
    scopes: toScopes(rows),
    lastUsedAt: row.last_used_at ?? undefined,
    ...toSignature(row),
  };
}

function toScopes(rows: readonly TokenRow[]): readonly Scope[] {
  const positioned: { readonly position: number; readonly scope: Scope }[] = [];
  for (const row of rows) {
    const {
      scope_position: position,
      scope_id: id,
      scope_type: type,
      scope_name: name,
      scope_actions: actions,
    } = row;
    if (position !== null && id !== null && type !== null && name !== null && actions !== null) {
      const scope = {
        id: stored.scopeId(id),
        type: stored.oneOf(SCOPE_TYPES, type),
        name,
        actions: stored.json(TEXTS, actions),
      };
      positioned.push({ position, scope });
    }
  }
  return positioned.sort((left, right) => left.position - right.position).map(({ scope }) => scope);
}

export function toTokenRow(token: Token, registryKey: number): Omit<TokensTable, "key"> {
  return {
    registry_key: registryKey,
    id: token.id,
    name: token.name,
    description: token.description ?? null,
    status: token.status,
    expires_at: token.expiresAt ?? null,
    is_one_time: toFlag(token.isOneTime),
    last_used_at: token.lastUsedAt ?? null,
    ...fromSignature(token.created, token.modified),
  };
}

export function toScopeRow(scope: Scope, tokenKey: number, position: number): ScopesTable {
  return {
    token_key: tokenKey,
    position,
    id: scope.id,
    type: scope.type,
    name: scope.name,
    actions: JSON.stringify(scope.actions),
  };
}
