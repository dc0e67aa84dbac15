// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";

/** Who may pull without credentials. */
export type Visibility = "private" | "public";

/** Whether a token is accepted. */
export type TokenStatus = "enabled" | "disabled";

/** How a token is rotated: by another token, or by another secret. */
export type TokenRotation = "replace" | "in-place";

/** What a scope is about. */
export type ScopeType = "repository" | "registry" | "namespace";

/**
 * What a scope permits; `read`, `write` and `admin` are other words for `pull`, `push` and
 * `delete`.
 */
export type ScopeAction = "pull" | "push" | "delete" | "list" | "*" | "read" | "write" | "admin";

/** What a user may do in the organization. */
export type Role = "owner" | "admin" | "developer" | "reader";

/** A day of the week. */
export type Weekday =
  | "Monday"
  | "Tuesday"
  | "Wednesday"
  | "Thursday"
  | "Friday"
  | "Saturday"
  | "Sunday";

/** One line of what a token may do. */
export interface TokenScope {
  /**
   * `repository` (the default: a name or a pattern with `*`), `namespace` (all repositories below
   * it) or `registry` (listing).
   */
  type: pulumi.Input<ScopeType>;
  /** A repository's name or a pattern with `*`, such as `team/*`. */
  name: pulumi.Input<string>;
  /** Any of `pull`, `push`, `delete`, `list` and `*`. Push needs pull. */
  actions: pulumi.Input<pulumi.Input<ScopeAction>[]>;
}

/** One line of what a token may do, as an output. */
export interface TokenScopeOutput {
  /**
   * `repository` (the default: a name or a pattern with `*`), `namespace` (all repositories below
   * it) or `registry` (listing).
   */
  readonly type: ScopeType;
  /** A repository's name or a pattern with `*`, such as `team/*`. */
  readonly name: string;
  /** Any of `pull`, `push`, `delete`, `list` and `*`. Push needs pull. */
  readonly actions: ScopeAction[];
}
