// Written by `npm run generate` from the package's schema; do not edit.
import * as pulumi from "@pulumi/pulumi";
import { VERSION } from "../plugin/version.ts";
import type { Credentials } from "../program/named-types.ts";
import { blank } from "../program/shape.ts";
/** What a `PullSecret` is made from. */
export interface PullSecretArgs {
  /** The Secret's name in each namespace; `moorage-pull` by default. */
  name?: string | undefined;
  /** The namespaces that get a Secret each. */
  namespaces: readonly string[];
  /**
   * Service accounts of these namespaces whose pods use the Secret. Replaces the account's list
   * `imagePullSecrets`, and nothing else of it.
   */
  serviceAccounts?: readonly string[] | undefined;
  /** Labels of the Secrets. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** One for each registry. */
  credentials?: readonly pulumi.Input<Credentials>[] | undefined;
  /**
   * Registries for which a token is made that may pull, and nothing else; it lives for
   * `expiresIn`.
   */
  registryIds?: readonly pulumi.Input<string>[] | undefined;
  /** How long a token that is made lives; `90d` by default. */
  expiresIn?: pulumi.Input<string | undefined>;
  /** How long before its end the next `pulumi up` replaces it; `30d` by default. */
  rotateBefore?: pulumi.Input<string | undefined>;
}

/**
 * Lets pods pull: a Secret in each namespace, named by service accounts. When a token is rotated,
 * the Secrets change in place before the old token goes, so there is no moment in which pods
 * cannot pull. Of a provider of `kubernetes` that is given or inherited, this asks for
 * `enableSecretMutable: true`; without one, the component makes its own, by the stack's settings.
 */
export class PullSecret extends pulumi.ComponentResource {
  /** The name of the Secret in each namespace. */
  declare readonly secretName: pulumi.Output<string>;
  /** What the Secrets hold; secret. */
  declare readonly dockerConfigJson: pulumi.Output<string>;

  /**
   * Declares it.
   * @param name the resource's name within the program
   * @param args what it is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: PullSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = blank(["secretName", "dockerConfigJson"]);
    const options = pulumi.mergeOptions({ version: VERSION }, opts);
    super("moorage:kubernetes:PullSecret", name, { ...outputs, ...args }, options, true);
  }
}
