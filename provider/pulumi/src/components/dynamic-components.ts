import type * as pulumi from "@pulumi/pulumi";
import { GCSchedule } from "../dynamic/gc-schedule.ts";
import { GeneratedKeys } from "../dynamic/generated-keys.ts";
import { Registry } from "../dynamic/registry.ts";
import { Token } from "../dynamic/token.ts";
import { type HostedRegistryArgs, HostedRegistryComponent } from "./hosted-registry.ts";
import type { Parts } from "./parts.ts";
import { type PullSecretArgs, PullSecretComponent } from "./pull-secret.ts";
import { type RegistryServerArgs, RegistryServerComponent } from "./registry-server.ts";

/** Components for programs that need no plugin of Moorage. */
const PARTS: Parts = { GCSchedule, GeneratedKeys, Registry, Token };

/** A registry server on Kubernetes, with everything that belongs to it. */
export class RegistryServer extends RegistryServerComponent {
  /**
   * Declares a server.
   * @param name the resource's name within the program
   * @param args what the server is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: RegistryServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super(PARTS, name, args, opts);
  }
}

/**
 * Lets pods pull: a Secret in each namespace, named by service accounts. When a token is rotated, the Secrets change in place before
 * the old token goes, so there is no moment in which pods cannot pull. Of the Kubernetes provider that is given or inherited, this asks
 * for `enableSecretMutable: true`; without one, the component makes its own, by the stack's settings.
 */
export class PullSecret extends PullSecretComponent {
  /**
   * Declares a pull secret.
   * @param name the resource's name within the program
   * @param args who pulls, and where
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: PullSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super(PARTS, name, args, opts);
  }
}

/** A registry with everything around it: schedule, pull token, pull secrets, route. Deleting it leaves nothing. */
export class HostedRegistry extends HostedRegistryComponent {
  /**
   * Declares a registry and what belongs to it.
   * @param name the resource's name within the program
   * @param args what it is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: HostedRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super(PARTS, name, args, opts);
  }
}
