import { type PullSecretOptions, pullSecretObjects } from "@moorage/core/deployment/pull-secret";
import { addObjects, Construct } from "./terraform.ts";

/** What a {@link PullSecret} is made from. */
export type PullSecretConfig = PullSecretOptions & {
  /** Content of a Docker `config.json`, or Terraform's reference to it. */
  dockerConfigJson: string;
};

/**
 * Lets pods pull: a Secret in each namespace, named by service accounts. The account `default` is adopted where it is; another one is made
 * by Terraform, and must not be there before.
 */
export class PullSecret extends Construct {
  /** The name of the Secret in each namespace. */
  readonly secretName: string;

  /**
   * Adds a pull secret to a stack.
   * @param scope the stack, or a construct in it
   * @param id the construct's name within the scope
   * @param config who pulls, and where
   */
  constructor(scope: Construct, id: string, { dockerConfigJson, ...options }: PullSecretConfig) {
    super(scope, id);
    addObjects(this, pullSecretObjects(options, dockerConfigJson));
    this.secretName = options.name ?? "moorage-pull";
  }
}
