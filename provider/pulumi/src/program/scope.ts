// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { ScopeAction, ScopeType } from "./named-types.ts";
import type { Shape } from "./shape.ts";

/** What a `Scope` is made from. */
export interface ScopeArgs {
  /** The token's registry. Another one makes another scope. */
  registryId: pulumi.Input<string>;
  /** The token that the scope belongs to. Another one makes another scope. */
  tokenId: pulumi.Input<string>;
  /**
   * `repository` (the default: a name or a pattern with `*`), `namespace` (all repositories below
   * it) or `registry` (listing).
   */
  type?: pulumi.Input<ScopeType | undefined>;
  /** A repository's name or a pattern with `*`, such as `team/*`. */
  name: pulumi.Input<string>;
  /** Any of `pull`, `push`, `delete`, `list` and `*`. Push needs pull. */
  actions: pulumi.Input<pulumi.Input<ScopeAction>[]>;
}

/** What the classes `Scope` of both faces have in common. */
export const scopeShape: Shape = {
  type: "Scope",
  inputs: ["registryId", "tokenId", "type", "name", "actions"],
  outputs: ["scopeId"],
  secretInputs: [],
  secretOutputs: [],
};
