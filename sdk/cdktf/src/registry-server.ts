import { parseOptions } from "@moorage/core/deployment/deployment-error";
import { registryServerObjects, type ServerKeys } from "@moorage/core/deployment/registry-server";
import {
  type RegistryServerOptions,
  registryServerOptions,
} from "@moorage/core/deployment/server-options";
import { addObjects, Construct } from "./terraform.ts";

/** What a {@link RegistryServer} is made from. */
export type RegistryServerConfig = RegistryServerOptions & {
  /** Makes the Secret of the keys, from texts or from Terraform's references to them; without it, the Secret is expected to be there. */
  keys?: ServerKeys | undefined;
};

/** A registry server on Kubernetes, with everything that belongs to it. */
export class RegistryServer extends Construct {
  /** Where clients reach the server. */
  readonly endpoint: string;
  readonly namespace: string;
  readonly ownerEmail: string;

  /**
   * Adds a server to a stack.
   * @param scope the stack, or a construct in it
   * @param id the construct's name within the scope
   * @param config what the server is to be
   */
  constructor(scope: Construct, id: string, { keys, ...options }: RegistryServerConfig) {
    super(scope, id);
    const plan = parseOptions(id, registryServerOptions, options);
    addObjects(this, registryServerObjects(options, keys));
    this.endpoint = plan.publicUrl;
    this.namespace = plan.namespace;
    this.ownerEmail = plan.ownerEmail;
  }
}
