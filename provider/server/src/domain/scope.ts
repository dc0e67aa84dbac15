import type { ScopeId } from "./ids.ts";
import { matchesPattern } from "./pattern.ts";

/** What may be done to a repository; `list` is seeing it in the catalog. */
export const ACTIONS = ["pull", "push", "delete", "list"] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * One line of what a token may do (management API, "Token", and the answers of `extensions.md` to what it leaves open).
 * `actions` are kept as they were sent; `allows` reads them.
 */
export interface Scope {
  readonly id: ScopeId;
  readonly type: ScopeType;
  /** A repository's name with `*` for any run of characters; a namespace; anything for `registry`. */
  readonly name: string;
  readonly actions: readonly string[];
}

/** What a scope permits, whoever holds it. */
export type ScopeRights = Pick<Scope, "type" | "name" | "actions">;

export const SCOPE_TYPES = ["repository", "registry", "namespace"] as const;
export type ScopeType = (typeof SCOPE_TYPES)[number];

/** Spellings that existing clients use for the canonical actions. */
const ACTION_ALIASES: Readonly<Record<string, Action>> = {
  read: "pull",
  write: "push",
  admin: "delete",
};

/**
 * Whether one scope allows an action on a repository. A scope of type `registry` allows listing and nothing else; one of type
 * `namespace` covers the repositories below it.
 */
export function scopeAllows(scope: ScopeRights, repository: string, action: Action): boolean {
  switch (scope.type) {
    case "registry":
      return action === "list";
    case "namespace":
      return (
        actionsAllow(scope.actions, action) &&
        matchesPattern(namespacePattern(scope.name), repository)
      );
    case "repository":
      return actionsAllow(scope.actions, action) && matchesPattern(scope.name, repository);
    default:
      return scope.type satisfies never;
  }
}

/** Whether a token with these scopes may ask for the catalog. */
export function scopesAllowCatalog(scopes: readonly ScopeRights[]): boolean {
  return scopes.some((scope) => scope.type === "registry" || actionsAllow(scope.actions, "list"));
}

/** Whether a list of actions, aliases and `*` included, holds one canonical action. */
export function actionsAllow(actions: readonly string[], wanted: Action): boolean {
  return actions.some(
    (action) => action === "*" || action === wanted || ownAlias(action) === wanted,
  );
}

function ownAlias(action: string): Action | undefined {
  return Object.hasOwn(ACTION_ALIASES, action) ? ACTION_ALIASES[action] : undefined;
}

function namespacePattern(name: string): string {
  return name === "*" || name.endsWith("/*") ? name : `${name}/*`;
}
