// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { TokenRotation, TokenScope, TokenStatus } from "./named-types.ts";
import type { Shape } from "./shape.ts";

/** What a `Token` is made from. */
export interface TokenArgs {
  /** The registry that the token is for. Another registry makes another token. */
  registryId: pulumi.Input<string>;
  /**
   * The token's name, which is also its user name. Better left out: it is then the resource's name
   * and a random suffix, so that a new token can stand beside the one that it replaces. A token
   * with a fixed name is rotated in place instead.
   */
  name?: pulumi.Input<string | undefined>;
  /**
   * What the token may do. Left out, the token begins without any, and `Scope` resources add them.
   * Use one way or the other for a token, not both; for a token that rotates, this one.
   */
  scopes?: pulumi.Input<pulumi.Input<TokenScope>[] | undefined>;
  /**
   * When the token ends, as in RFC 3339; at least one hour ahead. Excludes `expiresIn`. As an
   * output in UTC; without one, the token never ends.
   */
  expiryDate?: pulumi.Input<string | undefined>;
  /**
   * How long the token lives from its creation, such as `12h` or `30d`; at least `1h`. Excludes
   * `expiryDate`.
   */
  expiresIn?: pulumi.Input<string | undefined>;
  /**
   * How long before its end the token is rotated by the next `pulumi up`, such as `7d`; see
   * `rotation`.
   */
  rotateBefore?: pulumi.Input<string | undefined>;
  /**
   * `replace` makes a new token first, updates what depends on it, and deletes the old one last;
   * the default for a token without a `name` of its own, and not for others. `in-place` keeps the
   * token and its name and gives it a new secret; the old one works on for `gracePeriod`.
   */
  rotation?: pulumi.Input<TokenRotation | undefined>;
  /**
   * How long the old secret works on after a rotation in place, from `0s` to `7d`; `1h` by
   * default.
   */
  gracePeriod?: pulumi.Input<string | undefined>;
  /** `enabled` (the default) or `disabled`: refused until it is enabled again. */
  status?: pulumi.Input<TokenStatus | undefined>;
  /** Whether the token ends once it has pushed one tagged manifest; false by default. */
  oneTime?: pulumi.Input<boolean | undefined>;
  /** What the token is for, in at most 256 characters; empty by default. */
  description?: pulumi.Input<string | undefined>;
  /** Values whose change makes a new token, as an expiry does. */
  triggers?: pulumi.Input<pulumi.Input<unknown>[] | undefined>;
}

/** What the classes `Token` of both faces have in common. */
export const tokenShape: Shape = {
  type: "Token",
  inputs: [
    "registryId",
    "name",
    "scopes",
    "expiryDate",
    "expiresIn",
    "rotateBefore",
    "rotation",
    "gracePeriod",
    "status",
    "oneTime",
    "description",
    "triggers",
  ],
  outputs: ["tokenId", "username", "password", "dockerConfigJson", "dockerLogin"],
  secretInputs: [],
  secretOutputs: ["password", "dockerConfigJson", "dockerLogin"],
};
