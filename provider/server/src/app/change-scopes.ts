import type { UserPrincipal } from "../domain/access.ts";
import type { AuditAction, AuditEvent } from "../domain/audit.ts";
import { RegistryError } from "../domain/errors.ts";
import type { ScopeId } from "../domain/ids.ts";
import type { Scope } from "../domain/scope.ts";
import type { Token } from "../domain/token.ts";
import { auditEvent, changedFields } from "./audit-event.ts";
import type { Context } from "./context.ts";
import { findToken, type TokenAddress, tokenUnknown } from "./find-registry.ts";
import type { ScopeDraft } from "./token-draft.ts";

/*
 * Single scopes of a token. Each change is one step in the store, which touches no other scope: of changes made in parallel, none is
 * lost. All of them throw `access-denied`, `registry-unknown`, `token-unknown`.
 */

type Parts = Pick<Context, "metadata" | "clock" | "ids">;

/** The scopes of a token, in order. */
export async function listScopes(
  context: Parts,
  principal: UserPrincipal,
  address: TokenAddress,
): Promise<readonly Scope[]> {
  return (await findToken(context, principal, address, "browse")).scopes;
}

/** @throws RegistryError `scope-unknown` */
export async function getScope(
  context: Parts,
  principal: UserPrincipal,
  address: TokenAddress,
  id: ScopeId,
): Promise<Scope> {
  const scopes = await listScopes(context, principal, address);
  return scopes.find((scope) => scope.id === id) ?? throwUnknown(id);
}

/**
 * Adds a scope behind the others.
 * @throws RegistryError `scopes-exhausted`
 */
export async function addScope(
  context: Parts,
  principal: UserPrincipal,
  address: TokenAddress,
  draft: ScopeDraft,
): Promise<Scope> {
  const token = await findToken(context, principal, address, "manage-registries");
  const scope: Scope = { ...draft, id: context.ids.uuid<ScopeId>() };
  const event = scopeEvent(context, principal, "scope.add", token, scope);
  if (!(await context.metadata.scopes.add(address.tokenId, scope, event))) {
    throw tokenUnknown(address.tokenId);
  }
  return scope;
}

/**
 * Replaces a scope in its place.
 * @throws RegistryError `scope-unknown`
 */
export async function replaceScope(
  context: Parts,
  principal: UserPrincipal,
  address: TokenAddress,
  scope: Scope,
): Promise<Scope> {
  const token = await findToken(context, principal, address, "manage-registries");
  const before = token.scopes.find(({ id }) => id === scope.id);
  const changes = before === undefined ? [] : changedFields(SCOPE_FIELDS, before, scope);
  const event = scopeEvent(context, principal, "scope.change", token, scope, changes);
  const isThere = await context.metadata.scopes.replace(address.tokenId, scope, event);
  return isThere ? scope : throwUnknown(scope.id);
}

/** @throws RegistryError `scope-unknown` */
export async function removeScope(
  context: Parts,
  principal: UserPrincipal,
  address: TokenAddress,
  id: ScopeId,
): Promise<void> {
  const token = await findToken(context, principal, address, "manage-registries");
  const scope = token.scopes.find((each) => each.id === id) ?? throwUnknown(id);
  const event = scopeEvent(context, principal, "scope.remove", token, scope);
  if (!(await context.metadata.scopes.remove(address.tokenId, id, event))) {
    throwUnknown(id);
  }
}

function throwUnknown(id: ScopeId): never {
  throw new RegistryError("scope-unknown", { scope: id });
}

const SCOPE_FIELDS = { type: "type", name: "name", actions: "actions" } as const;

function scopeEvent(
  context: Parts,
  principal: UserPrincipal,
  action: AuditAction,
  token: Token,
  { id, type, name }: Scope,
  changes: readonly string[] = [],
): AuditEvent {
  return auditEvent(context, principal, {
    action,
    registry: { id: token.registryId },
    resource: { type: "scope", id, name: `${type} ${name} of token ${token.name}` },
    changes,
  });
}
