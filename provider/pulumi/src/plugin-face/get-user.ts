// Written by `npm run generate` from the package's schema; do not edit.
import * as pulumi from "@pulumi/pulumi";
import type { Role } from "../program/named-types.ts";
import { withVersion } from "./plugin-resource.ts";

/** What `getUser` is asked with. */
export interface GetUserArgs {
  /** The user's id. Excludes `email`. */
  userId?: string | undefined;
  /** The address that the user signs in with, in any case. Excludes `userId`. */
  email?: string | undefined;
}

/** What `getUserOutput` is asked with. */
export interface GetUserOutputArgs {
  /** The user's id. Excludes `email`. */
  userId?: pulumi.Input<string | undefined>;
  /** The address that the user signs in with, in any case. Excludes `userId`. */
  email?: pulumi.Input<string | undefined>;
}

/** What `getUser` answers. */
export interface GetUserResult {
  /** The user's id. */
  readonly userId: string;
  /** The address to sign in with. */
  readonly email: string;
  /** `owner`, `admin`, `developer` or `reader`: what the user may do. */
  readonly role: Role;
  /** How people call the user; may be empty. */
  readonly displayName: string;
}

/**
 * A user that is there, by its id or its e-mail address; without the password. For owners and
 * admins.
 */
export async function getUser(
  args: GetUserArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetUserResult> {
  return await pulumi.runtime.invoke("moorage:index:getUser", { ...args }, withVersion(opts));
}

/**
 * A user that is there, by its id or its e-mail address; without the password. For owners and
 * admins.
 */
export function getUserOutput(
  args: GetUserOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetUserResult> {
  return pulumi.runtime.invokeOutput("moorage:index:getUser", { ...args }, withVersion(opts));
}
