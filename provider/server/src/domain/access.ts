import type { RequestOrigin } from "./audit.ts";
import type { Identity } from "./identity.ts";
import type { OrganizationId, RegistryId, TokenId, UserId } from "./ids.ts";
import type { Registry } from "./registry.ts";
import { type Permission, type Role, roleAllows } from "./role.ts";
import {
  type Action,
  type Scope,
  type ScopeRights,
  scopeAllows,
  scopesAllowCatalog,
} from "./scope.ts";

/**
 * Who is asking. `address` is where the request comes from, as far as proxies are trusted; allow-lists let nobody in without it. `origin`
 * says more of that, to the audit log; it is set for requests that change something.
 */
export type Principal = AnonymousPrincipal | UserPrincipal | TokenPrincipal | WorkloadPrincipal;

export interface AnonymousPrincipal {
  readonly kind: "anonymous";
  /** To be called before it is served: counts the request, and throws where there were too many. */
  readonly countVisit?: () => void;
  /** Set where an anonymous caller holds a bearer token. */
  readonly grant?: Grant | undefined;
  readonly address?: string | undefined;
  readonly origin?: RequestOrigin | undefined;
}

export interface UserPrincipal {
  readonly kind: "user";
  readonly organizationId: OrganizationId;
  readonly userId: UserId;
  readonly email: string;
  readonly role: Role;
  /** Set where an identity provider vouches for the person: no row tells of them. */
  readonly identity?: Identity | undefined;
  /** The fingerprint of the password, if there is one: under another one, nothing that was issued before counts. */
  readonly credentialsMark?: string | undefined;
  readonly grant?: Grant | undefined;
  readonly address?: string | undefined;
  readonly origin?: RequestOrigin | undefined;
}

export interface TokenPrincipal {
  readonly kind: "token";
  readonly organizationId: OrganizationId;
  readonly registryId: RegistryId;
  readonly tokenId: TokenId;
  readonly name: string;
  /** As they stand now, not as they stood when a bearer token was issued. */
  readonly scopes: readonly Scope[];
  readonly isOneTime: boolean;
  /** The keyed hash of the secret that was presented: what was issued for it counts as long as the secret itself. */
  readonly credentialsMark?: string | undefined;
  readonly grant?: Grant | undefined;
  readonly address?: string | undefined;
  readonly origin?: RequestOrigin | undefined;
}

/** A pipeline that an identity provider vouches for. On each of its registries it may do what a token with these scopes may. */
export interface WorkloadPrincipal {
  readonly kind: "workload";
  readonly organizationId: OrganizationId;
  readonly identity: Identity;
  /** By the registries' names; one that by now belongs to another organization does not count. */
  readonly scopesByRegistry: ReadonlyMap<string, readonly ScopeRights[]>;
  readonly grant?: Grant | undefined;
  readonly address?: string | undefined;
  readonly origin?: RequestOrigin | undefined;
}

/**
 * What a bearer token was issued for. It narrows what its holder may do and never widens it. Absent: the caller presented the
 * credentials themselves.
 */
export type Grant = readonly GrantedAccess[];

export interface GrantedAccess {
  /** `any`: every registry that the principal sees; for the catalog only. */
  readonly registryId: RegistryId | "any";
  /** Absent: the catalog. */
  readonly repository?: string | undefined;
  readonly actions: readonly Action[];
}

/**
 * - `granted`
 * - `unauthenticated`: credentials could change the answer; challenge the caller
 * - `insufficient`: the caller may, but its bearer token was not issued for this; challenge it with the needed scope
 * - `denied`: the caller sees the registry, and may not
 * - `invisible`: to this caller the registry does not exist
 */
export type Decision = "granted" | "unauthenticated" | "insufficient" | "denied" | "invisible";

type RegistryFacts = Pick<Registry, "id" | "name" | "organizationId" | "visibility">;

/** Decides on one action on one repository. A registry that does not exist and one of somebody else get the same answer. */
export function decideOnRepository(
  principal: Principal,
  registry: RegistryFacts | undefined,
  repository: string,
  action: Action,
): Decision {
  const isOpen = registry?.visibility === "public" && action === "pull";
  if (!isOpen) {
    const decision = decideOnRights(
      principal,
      registry,
      (scopes) => someScopeAllows(scopes, repository, action),
      PERMISSION_OF_ACTION[action],
    );
    if (decision !== "granted") {
      return decision;
    }
  }
  const grant = principal.grant;
  if (grant === undefined || isOpen) {
    return "granted";
  }
  const isCovered = grant.some(
    (access) =>
      access.registryId === registry?.id &&
      access.repository === repository &&
      access.actions.includes(action),
  );
  return isCovered ? "granted" : "insufficient";
}

/** Decides on listing the repositories of one registry. */
export function decideOnCatalog(
  principal: Principal,
  registry: RegistryFacts | undefined,
): Decision {
  const decision = decideOnRights(principal, registry, scopesAllowCatalog, "browse");
  if (decision !== "granted" || principal.grant === undefined) {
    return decision;
  }
  const isCovered = principal.grant.some(
    (access) =>
      (access.registryId === registry?.id || access.registryId === "any") &&
      access.repository === undefined,
  );
  return isCovered ? "granted" : "insufficient";
}

/** Whether a catalog that the caller may see shows one repository to it. */
export function isListed(
  principal: Principal,
  registry: Pick<RegistryFacts, "name">,
  repository: string,
): boolean {
  switch (principal.kind) {
    case "anonymous":
      return false;
    case "user":
      return true;
    case "token":
      return someScopeAllows(principal.scopes, repository, "list");
    case "workload":
      return someScopeAllows(scopesOf(principal, registry), repository, "list");
    default:
      return principal satisfies never;
  }
}

const PERMISSION_OF_ACTION: Readonly<Record<Action, Permission>> = {
  pull: "pull-content",
  push: "push-content",
  delete: "delete-content",
  list: "browse",
};

function decideOnRights(
  principal: Principal,
  registry: RegistryFacts | undefined,
  scopesAllow: (scopes: readonly ScopeRights[]) => boolean,
  permission: Permission,
): Decision {
  switch (principal.kind) {
    case "anonymous":
      return "unauthenticated";
    case "user":
      if (registry === undefined || registry.organizationId !== principal.organizationId) {
        return "invisible";
      }
      return roleAllows(principal.role, permission) ? "granted" : "denied";
    case "token":
      if (registry === undefined || registry.id !== principal.registryId) {
        return "invisible";
      }
      return scopesAllow(principal.scopes) ? "granted" : "denied";
    case "workload": {
      const isOurs = registry !== undefined && registry.organizationId === principal.organizationId;
      const scopes = isOurs ? scopesOf(principal, registry) : [];
      if (scopes.length === 0) {
        return "invisible";
      }
      return scopesAllow(scopes) ? "granted" : "denied";
    }
    default:
      return principal satisfies never;
  }
}

function scopesOf(
  { scopesByRegistry }: WorkloadPrincipal,
  { name }: Pick<RegistryFacts, "name">,
): readonly ScopeRights[] {
  return scopesByRegistry.get(name) ?? [];
}

function someScopeAllows(
  scopes: readonly ScopeRights[],
  repository: string,
  action: Action,
): boolean {
  return scopes.some((scope) => scopeAllows(scope, repository, action));
}
