import { parseOptions } from "@moorage/core/deployment/deployment-error";
import { dockerConfigJson, mergeDockerConfigs } from "@moorage/core/deployment/docker-config";
import {
  type PullSecretOptions,
  pullSecretObjects,
  pullSecretOptions,
} from "@moorage/core/deployment/pull-secret";
import * as pulumi from "@pulumi/pulumi";
import { declareAccountPatch, declareObject, resourceNameOf } from "./declare-object.ts";
import { mutableSecrets } from "./mutable-secrets.ts";
import type { Parts } from "./parts.ts";

/** Who pulls: a token, what else has a `dockerConfigJson`, or a user name and a password for one registry. */
export type PullSecretCredentials =
  | { readonly dockerConfigJson: pulumi.Input<string> }
  | {
      /** What stands before a repository's name in an image reference. */
      readonly registry: pulumi.Input<string>;
      readonly username: pulumi.Input<string>;
      readonly password: pulumi.Input<string>;
    };

/** What a pull secret is made from. Names are plain values: they decide which objects there are. */
export type PullSecretArgs = PullSecretOptions & {
  /** One for each registry. A token will do. */
  credentials?: readonly PullSecretCredentials[] | undefined;
  /** Registries for which a token is made that may pull, and nothing else; it lives for `expiresIn`. */
  registryIds?: readonly pulumi.Input<string>[] | undefined;
  /** How long a token that is made lives, `90d` by default. */
  expiresIn?: pulumi.Input<string> | undefined;
  /** How long before its end the next `pulumi up` replaces it, `30d` by default. */
  rotateBefore?: pulumi.Input<string> | undefined;
};

/**
 * Lets pods pull: a Secret in each namespace, named by service accounts. When a token is rotated, the Secrets change in place before
 * the old token goes, so there is no moment in which pods cannot pull. Of the Kubernetes provider that is given or inherited, this asks
 * for `enableSecretMutable: true`; without one, the component makes its own, by the stack's settings.
 */
export class PullSecretComponent extends pulumi.ComponentResource {
  /** The name of the Secret in each namespace. */
  readonly secretName: pulumi.Output<string>;
  /** What the Secrets hold; secret. */
  readonly dockerConfigJson: pulumi.Output<string>;

  /**
   * Declares a pull secret.
   * @param parts what a token is made by
   * @param name the resource's name within the program
   * @param args who pulls, and where
   * @param opts how Pulumi is to treat it
   */
  constructor(
    parts: Pick<Parts, "Token">,
    name: string,
    args: PullSecretArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("moorage:kubernetes:PullSecret", name, {}, opts);
    const {
      credentials = [],
      expiresIn = "90d",
      registryIds = [],
      rotateBefore = "30d",
      ...options
    } = args;
    parseOptions(name, pullSecretOptions, options);
    const scopes = [{ type: "repository" as const, name: "*", actions: ["pull" as const] }];
    const tokens = registryIds.map((registryId, index) => {
      const tokenArgs = { registryId, scopes, expiresIn, rotateBefore };
      return new parts.Token(`${name}-${index}`, tokenArgs, { parent: this });
    });
    const configs = [...credentials, ...tokens].map(configOf);
    this.dockerConfigJson = pulumi.secret(pulumi.all(configs).apply(mergeDockerConfigs));
    const provider = this.getProvider("kubernetes:core/v1:Secret") ?? mutableSecrets(name, this);
    const inside = { parent: this, provider };
    const secrets: pulumi.CustomResource[] = [];
    for (const object of pullSecretObjects(options, this.dockerConfigJson)) {
      const resourceName = resourceNameOf(name, object);
      if (object.kind === "Secret") {
        secrets.push(declareObject(resourceName, object, inside));
      } else {
        declareAccountPatch(resourceName, object, { ...inside, dependsOn: secrets });
      }
    }
    this.secretName = pulumi.output(options.name ?? "moorage-pull");
    this.registerOutputs({ secretName: this.secretName, dockerConfigJson: this.dockerConfigJson });
  }
}

function configOf(credentials: PullSecretCredentials): pulumi.Output<string> {
  if ("dockerConfigJson" in credentials) return pulumi.output(credentials.dockerConfigJson);
  const { password, registry, username } = credentials;
  return pulumi
    .all([registry, username, password])
    .apply(([at, name, secret]) =>
      dockerConfigJson([{ registry: at, username: name, password: secret }]),
    );
}
