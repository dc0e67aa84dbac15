// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { Role } from "./named-types.ts";
import type { Shape } from "./shape.ts";

/** What a `User` is made from. */
export interface UserArgs {
  /**
   * The address to sign in with. Another address makes another user; capitals make no other
   * address.
   */
  email: pulumi.Input<string>;
  /** `owner`, `admin`, `developer` or `reader`: what the user may do. */
  role: pulumi.Input<Role>;
  /** How people call the user; empty by default. */
  displayName?: pulumi.Input<string | undefined>;
  /**
   * The password to sign in with; secret. Left out, the server generates one, which is kept in
   * state, encrypted. What somebody else made of it cannot be read.
   */
  password?: pulumi.Input<string | undefined>;
}

/** What the classes `User` of both faces have in common. */
export const userShape: Shape = {
  type: "User",
  inputs: ["email", "role", "displayName", "password"],
  outputs: ["userId"],
  secretInputs: ["password"],
  secretOutputs: ["password"],
};
