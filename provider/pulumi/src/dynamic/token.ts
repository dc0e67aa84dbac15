import * as pulumi from "@pulumi/pulumi";
import { isAlwaysDue } from "../resources/token-rotation.ts";
import { shim } from "./shim.ts";

const provider = shim("Token");

/** One line of what a token may do. */
export interface TokenScope {
  /** `repository` (a name or a pattern with `*`), `namespace` (all repositories below it) or `registry` (listing). */
  type: pulumi.Input<"repository" | "registry" | "namespace">;
  /** A repository's name or a pattern with `*`, such as `team/*`. */
  name: pulumi.Input<string>;
  /** Any of `pull`, `push`, `delete`, `list` and `*`. Push needs pull. */
  actions: pulumi.Input<pulumi.Input<string>[]>;
}

/** One line of what a token may do, as an output. */
export interface TokenScopeOutput {
  readonly type: string;
  readonly name: string;
  readonly actions: string[];
}

/** What a {@link Token} is made from. */
export interface TokenArgs {
  /** The registry that the token is for. Another registry makes another token. */
  registryId: pulumi.Input<string>;
  /**
   * The token's name, which is also its user name. Better left out: it is then the resource's name and
   * a random suffix, so that a new token can stand beside the one that it replaces. A token with a fixed
   * name is rotated in place instead.
   */
  name?: pulumi.Input<string> | undefined;
  /**
   * What the token may do. Left out, the token begins without any, and {@link Scope} resources add
   * them. Use one way or the other for a token, not both; for a token that rotates, this one.
   */
  scopes?: pulumi.Input<pulumi.Input<TokenScope>[]> | undefined;
  /**
   * When the token ends, as in RFC 3339; at least one hour ahead. Excludes `expiresIn`. As an output in
   * UTC; without one, the token never ends.
   */
  expiryDate?: pulumi.Input<string> | undefined;
  /** How long the token lives from its creation, such as `12h` or `30d`; at least `1h`. Excludes `expiryDate`. */
  expiresIn?: pulumi.Input<string> | undefined;
  /** How long before its end the token is rotated by the next `pulumi up`, such as `7d`; see `rotation`. */
  rotateBefore?: pulumi.Input<string> | undefined;
  /**
   * `replace` makes a new token first, updates what depends on it, and deletes the old one last; the
   * default for a token without a `name` of its own, and not for others. `in-place` keeps the token and its
   * name and gives it a new secret; the old one works on for `gracePeriod`.
   */
  rotation?: pulumi.Input<"replace" | "in-place"> | undefined;
  /** How long the old secret works on after a rotation in place, from `0s` to `7d`; `1h` by default. */
  gracePeriod?: pulumi.Input<string> | undefined;
  /** `enabled` (the default) or `disabled`: refused until it is enabled again. */
  status?: pulumi.Input<"enabled" | "disabled"> | undefined;
  /** Whether the token ends once it has pushed one tagged manifest; false by default. */
  oneTime?: pulumi.Input<boolean> | undefined;
  /** What the token is for, in at most 256 characters. */
  description?: pulumi.Input<string> | undefined;
  /** Values whose change makes a new token, as an expiry does. */
  triggers?: pulumi.Input<pulumi.Input<unknown>[]> | undefined;
}

/**
 * The credentials of a robot for one registry. When a token has expired, is gone, or is within
 * `rotateBefore` of its expiry, the next `pulumi up` makes a new one.
 */
export class Token extends pulumi.dynamic.Resource {
  /** The token's id; what {@link Scope} refers to. */
  declare readonly tokenId: pulumi.Output<string>;
  declare readonly registryId: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  declare readonly scopes: pulumi.Output<TokenScopeOutput[] | undefined>;
  declare readonly expiresIn: pulumi.Output<string | undefined>;
  declare readonly rotateBefore: pulumi.Output<string | undefined>;
  declare readonly rotation: pulumi.Output<"replace" | "in-place" | undefined>;
  declare readonly gracePeriod: pulumi.Output<string | undefined>;
  declare readonly status: pulumi.Output<"enabled" | "disabled">;
  declare readonly oneTime: pulumi.Output<boolean>;
  declare readonly description: pulumi.Output<string>;
  declare readonly triggers: pulumi.Output<unknown[] | undefined>;
  /** The name to log in with. */
  declare readonly username: pulumi.Output<string>;
  /** The secret to log in with; the server shows it once, and it is kept in state, encrypted. */
  declare readonly password: pulumi.Output<string>;
  /** Content of a Docker `config.json` or of a Kubernetes pull secret; secret. */
  declare readonly dockerConfigJson: pulumi.Output<string>;
  /** A shell command that logs docker in; secret. */
  declare readonly dockerLogin: pulumi.Output<string>;
  declare readonly expiryDate: pulumi.Output<string | undefined>;

  /**
   * Declares a token.
   * @param name the resource's name within the program
   * @param args what the token is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: TokenArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      username: undefined,
      password: undefined,
      dockerConfigJson: undefined,
      dockerLogin: undefined,
    };
    const optional = {
      name: undefined,
      scopes: undefined,
      expiryDate: undefined,
      expiresIn: undefined,
      rotateBefore: undefined,
      rotation: undefined,
      gracePeriod: undefined,
      status: undefined,
      oneTime: undefined,
      description: undefined,
      triggers: undefined,
    };
    const properties = { ...optional, ...args, ...outputs, resourceName: name };
    const additionalSecretOutputs = ["password", "dockerConfigJson", "dockerLogin"];
    const options = pulumi.mergeOptions(opts, { additionalSecretOutputs });
    super(provider, name, properties, options, "moorage", "Token");
    // As for a registry's id: known during a preview that only updates the token.
    this.tokenId = this.id;
    if (isAlwaysDue(args.expiresIn, args.rotateBefore)) {
      const sentence = "rotateBefore is not shorter than expiresIn: every run makes a new token";
      void pulumi.log.warn(sentence, this);
    }
  }
}
