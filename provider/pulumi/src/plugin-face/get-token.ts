// Written by `npm run generate` from the package's schema; do not edit.
import * as pulumi from "@pulumi/pulumi";
import type { TokenScopeOutput, TokenStatus } from "../program/named-types.ts";
import { withVersion } from "./plugin-resource.ts";

/** What `getToken` is asked with. */
export interface GetTokenArgs {
  /** The registry that the token is for. */
  registryId: string;
  /** The token's id. Excludes `name`. */
  tokenId?: string | undefined;
  /** The token's name. Excludes `tokenId`. */
  name?: string | undefined;
}

/** What `getTokenOutput` is asked with. */
export interface GetTokenOutputArgs {
  /** The registry that the token is for. */
  registryId: pulumi.Input<string>;
  /** The token's id. Excludes `name`. */
  tokenId?: pulumi.Input<string | undefined>;
  /** The token's name. Excludes `tokenId`. */
  name?: pulumi.Input<string | undefined>;
}

/** What `getToken` answers. */
export interface GetTokenResult {
  /** The token's id; what `Scope` refers to. */
  readonly tokenId: string;
  /** The registry that the token is for. */
  readonly registryId: string;
  /** The token's name. */
  readonly name: string;
  /** The name to log in with. */
  readonly username: string;
  /** `enabled` (the default) or `disabled`: refused until it is enabled again. */
  readonly status: TokenStatus;
  /** What the token may do. */
  readonly scopes: TokenScopeOutput[];
  /** When the token ends, in UTC; without one, it never ends. */
  readonly expiryDate?: string | undefined;
  /** Whether the token ends once it has pushed one tagged manifest; false by default. */
  readonly oneTime: boolean;
  /** What the token is for, in at most 256 characters; empty by default. */
  readonly description: string;
  /** When the token was last used, in UTC. */
  readonly lastUsedAt?: string | undefined;
}

/**
 * A token that is there, by its id or its name; without its secret, which the server shows only to
 * whoever makes it.
 */
export async function getToken(
  args: GetTokenArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetTokenResult> {
  return await pulumi.runtime.invoke("moorage:index:getToken", { ...args }, withVersion(opts));
}

/**
 * A token that is there, by its id or its name; without its secret, which the server shows only to
 * whoever makes it.
 */
export function getTokenOutput(
  args: GetTokenOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetTokenResult> {
  return pulumi.runtime.invokeOutput("moorage:index:getToken", { ...args }, withVersion(opts));
}
