import * as pulumi from "@pulumi/pulumi";
import { shim } from "./shim.ts";

const provider = shim("Scope");

/** What a {@link Scope} is made from. */
export interface ScopeArgs {
  /** The token's registry. Another one makes another scope. */
  registryId: pulumi.Input<string>;
  /** The token that the scope belongs to. Another one makes another scope. */
  tokenId: pulumi.Input<string>;
  /**
   * `repository` (the default: a name or a pattern with `*`), `namespace` (all repositories below it) or
   * `registry` (listing).
   */
  type?: pulumi.Input<"repository" | "registry" | "namespace"> | undefined;
  /** A repository's name or a pattern with `*`, such as `team/*`. */
  name: pulumi.Input<string>;
  /** Any of `pull`, `push`, `delete`, `list` and `*`. Push needs pull. */
  actions: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * One scope of one token. Scopes are added, changed and removed one by one and never overwrite one
 * another, however many change at once. The token's own `scopes` must be left out.
 */
export class Scope extends pulumi.dynamic.Resource {
  /** The scope's id. */
  declare readonly scopeId: pulumi.Output<string>;
  declare readonly registryId: pulumi.Output<string>;
  declare readonly tokenId: pulumi.Output<string>;
  declare readonly type: pulumi.Output<"repository" | "registry" | "namespace">;
  declare readonly name: pulumi.Output<string>;
  declare readonly actions: pulumi.Output<string[]>;

  /**
   * Declares a scope.
   * @param name the resource's name within the program
   * @param args what the scope is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: ScopeArgs, opts?: pulumi.CustomResourceOptions) {
    const properties = { type: undefined, ...args, resourceName: name };
    super(provider, name, properties, opts, "moorage", "Scope");
    this.scopeId = this.id;
  }
}
