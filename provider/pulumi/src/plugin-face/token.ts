// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import { remarkIfAlwaysDue } from "../program/always-due.ts";
import type { TokenRotation, TokenScopeOutput, TokenStatus } from "../program/named-types.ts";
import { type TokenArgs, tokenShape } from "../program/token.ts";
import { PluginResource } from "./plugin-resource.ts";

/**
 * The credentials of a robot for one registry. When a token has expired, is gone, or is within
 * `rotateBefore` of its expiry, the next `pulumi up` makes a new one.
 */
export class Token extends PluginResource {
  /** The registry that the token is for. Another registry makes another token. */
  declare readonly registryId: pulumi.Output<string>;
  /**
   * The token's name, which is also its user name. Better left out: it is then the resource's name
   * and a random suffix, so that a new token can stand beside the one that it replaces. A token
   * with a fixed name is rotated in place instead.
   */
  declare readonly name: pulumi.Output<string>;
  /**
   * What the token may do. Left out, the token begins without any, and `Scope` resources add them.
   * Use one way or the other for a token, not both; for a token that rotates, this one.
   */
  declare readonly scopes: pulumi.Output<TokenScopeOutput[] | undefined>;
  /**
   * When the token ends, as in RFC 3339; at least one hour ahead. Excludes `expiresIn`. As an
   * output in UTC; without one, the token never ends.
   */
  declare readonly expiryDate: pulumi.Output<string | undefined>;
  /**
   * How long the token lives from its creation, such as `12h` or `30d`; at least `1h`. Excludes
   * `expiryDate`.
   */
  declare readonly expiresIn: pulumi.Output<string | undefined>;
  /**
   * How long before its end the token is rotated by the next `pulumi up`, such as `7d`; see
   * `rotation`.
   */
  declare readonly rotateBefore: pulumi.Output<string | undefined>;
  /**
   * `replace` makes a new token first, updates what depends on it, and deletes the old one last;
   * the default for a token without a `name` of its own, and not for others. `in-place` keeps the
   * token and its name and gives it a new secret; the old one works on for `gracePeriod`.
   */
  declare readonly rotation: pulumi.Output<TokenRotation | undefined>;
  /**
   * How long the old secret works on after a rotation in place, from `0s` to `7d`; `1h` by
   * default.
   */
  declare readonly gracePeriod: pulumi.Output<string | undefined>;
  /** `enabled` (the default) or `disabled`: refused until it is enabled again. */
  declare readonly status: pulumi.Output<TokenStatus>;
  /** Whether the token ends once it has pushed one tagged manifest; false by default. */
  declare readonly oneTime: pulumi.Output<boolean>;
  /** What the token is for, in at most 256 characters; empty by default. */
  declare readonly description: pulumi.Output<string>;
  /** Values whose change makes a new token, as an expiry does. */
  declare readonly triggers: pulumi.Output<unknown[] | undefined>;
  /** The token's id; what `Scope` refers to. */
  declare readonly tokenId: pulumi.Output<string>;
  /** The name to log in with. */
  declare readonly username: pulumi.Output<string>;
  /** The secret to log in with; the server shows it once, and it is kept in state, encrypted. */
  declare readonly password: pulumi.Output<string>;
  /** Content of a Docker `config.json` or of a Kubernetes pull secret; secret. */
  declare readonly dockerConfigJson: pulumi.Output<string>;
  /** A shell command that logs docker in; secret. */
  declare readonly dockerLogin: pulumi.Output<string>;

  /**
   * Looks up what is there, by the id that it is imported by.
   * @param name the resource's name within the program
   * @param id what `pulumi import` takes
   * @param opts how Pulumi is to treat it
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): Token {
    return Reflect.construct(Token, [name, undefined, { ...opts, id }]);
  }

  /**
   * Declares a token.
   * @param name the resource's name within the program
   * @param args what the token is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: TokenArgs, opts?: pulumi.CustomResourceOptions) {
    super(tokenShape, name, args, opts);
    remarkIfAlwaysDue(this, args);
  }
}
