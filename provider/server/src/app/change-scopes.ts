import type { UserPrincipal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import type { ScopeId } from "../domain/ids.ts";
import type { Scope } from "../domain/scope.ts";
import type { Context } from "./context.ts";
import { findToken, type TokenAddress, tokenUnknown } from "./find-registry.ts";
import type { ScopeDraft } from "./token-draft.ts";

/*
 * Single scopes of a token. Each change is one step in the store, which touches no other scope: of changes made in parallel, none is
 * lost. All of them throw `access-denied`, `registry-unknown`, `token-unknown`.
 */

type Parts = Pick<Context, "metadata" | "clock">;

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
  context: Parts & Pick<Context, "ids">,
  principal: UserPrincipal,
  address: TokenAddress,
  draft: ScopeDraft,
): Promise<Scope> {
  await findToken(context, principal, address, "manage-registries");
  const scope: Scope = { ...draft, id: context.ids.uuid<ScopeId>() };
  if (!(await context.metadata.scopes.add(address.tokenId, scope))) {
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
  await findToken(context, principal, address, "manage-registries");
  const isThere = await context.metadata.scopes.replace(address.tokenId, scope);
  return isThere ? scope : throwUnknown(scope.id);
}

/** @throws RegistryError `scope-unknown` */
export async function removeScope(
  context: Parts,
  principal: UserPrincipal,
  address: TokenAddress,
  id: ScopeId,
): Promise<void> {
  await findToken(context, principal, address, "manage-registries");
  if (!(await context.metadata.scopes.remove(address.tokenId, id))) {
    throwUnknown(id);
  }
}

function throwUnknown(id: ScopeId): never {
  throw new RegistryError("scope-unknown", { scope: id });
}
