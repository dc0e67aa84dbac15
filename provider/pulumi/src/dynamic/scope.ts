// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { ScopeAction, ScopeType } from "../program/named-types.ts";
import { type ScopeArgs, scopeShape } from "../program/scope.ts";
import { DynamicResource } from "./dynamic-resource.ts";

/**
 * One scope of one token. Scopes are added, changed and removed one by one and never overwrite one
 * another, however many change at once. The token's own `scopes` must be left out.
 */
export class Scope extends DynamicResource {
  /** The token's registry. Another one makes another scope. */
  declare readonly registryId: pulumi.Output<string>;
  /** The token that the scope belongs to. Another one makes another scope. */
  declare readonly tokenId: pulumi.Output<string>;
  /**
   * `repository` (the default: a name or a pattern with `*`), `namespace` (all repositories below
   * it) or `registry` (listing).
   */
  declare readonly type: pulumi.Output<ScopeType>;
  /** A repository's name or a pattern with `*`, such as `team/*`. */
  declare readonly name: pulumi.Output<string>;
  /** Any of `pull`, `push`, `delete`, `list` and `*`. Push needs pull. */
  declare readonly actions: pulumi.Output<ScopeAction[]>;
  /** The scope's id. */
  declare readonly scopeId: pulumi.Output<string>;

  /**
   * Declares a scope.
   * @param name the resource's name within the program
   * @param args what the scope is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: ScopeArgs, opts?: pulumi.CustomResourceOptions) {
    super(scopeShape, name, args, opts);
    this.scopeId = this.id;
  }
}
