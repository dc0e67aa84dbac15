import type {
  ScopeInput,
  Scope as ScopeJson,
  ScopeResponse,
  ScopesResponse,
} from "@moorage/core/contract/scope";
import type { TokenAddress } from "../../app/find-registry.ts";
import type { ScopeDraft } from "../../app/token-draft.ts";
import type { Scope } from "../../domain/scope.ts";
import type { Hrefs } from "./hrefs.ts";

/** A scope of a request in the registry's own words. Actions of null allow nothing, and neither do none. */
export function scopeDraftOf(input: ScopeInput): ScopeDraft {
  return { type: input.type, name: input.name, actions: input.actions ?? [] };
}

/** A scope among the properties of its token. */
export function scopeLineView(scope: Scope): ScopeJson {
  return { id: scope.id, type: scope.type, name: scope.name, actions: [...scope.actions] };
}

/** A scope as a resource of its own (extensions, "Added paths"). */
export function scopeView(
  scope: Scope,
  { registryId, tokenId }: TokenAddress,
  hrefs: Hrefs,
): ScopeResponse {
  return {
    id: scope.id,
    type: "scope",
    href: hrefs.scope(registryId, tokenId, scope.id),
    properties: { type: scope.type, name: scope.name, actions: [...scope.actions] },
  };
}

/** Answer of GET …/scopes: all scopes of the token. */
export function scopesView(
  scopes: readonly Scope[],
  address: TokenAddress,
  hrefs: Hrefs,
): ScopesResponse {
  return {
    id: "scopes",
    type: "collection",
    href: hrefs.scopes(address.registryId, address.tokenId),
    items: scopes.map((scope) => scopeView(scope, address, hrefs)),
  };
}
