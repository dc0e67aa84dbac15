import { parseOptions } from "@moorage/core/deployment/deployment-error";
import { pullSecretOptions } from "@moorage/core/deployment/pull-secret";
import {
  type RegistryRouteOptions,
  registryRouteObject,
  registryRouteOptions,
} from "@moorage/core/deployment/registry-route";
import * as pulumi from "@pulumi/pulumi";
import type { GCScheduleArgs } from "../program/gc-schedule.ts";
import type { RegistryArgs } from "../program/registry.ts";
import { declareObject, resourceNameOf } from "./declare-object.ts";
import type { Parts } from "./parts.ts";
import { type PullSecretArgs, PullSecretComponent } from "./pull-secret.ts";

/** What a hosted registry is made from. */
export interface HostedRegistryArgs {
  /** The registry. Its content goes with it, unless `forceDestroy` is false. */
  registry: RegistryArgs;
  /** When its garbage is collected; Sunday at 03:00 if left out. */
  schedule?: Omit<GCScheduleArgs, "registryId"> | undefined;
  /** Where pods may pull from it. */
  pullSecret: Omit<PullSecretArgs, "credentials" | "registryIds">;
  /** Leads the registry's host name to the server, where registries have host names. */
  route?: RegistryRouteOptions | undefined;
}

/** A registry with everything around it: schedule, pull token, pull secrets, route. Deleting it leaves nothing. */
export class HostedRegistryComponent extends pulumi.ComponentResource {
  readonly registryId: pulumi.Output<string>;
  /** What stands before a repository's name in an image reference. */
  readonly endpoint: pulumi.Output<string>;
  /** The name of the pull secret in each namespace. */
  readonly secretName: pulumi.Output<string>;

  /**
   * Declares a registry and what belongs to it.
   * @param parts what registry, schedule and token are made by
   * @param name the resource's name within the program
   * @param args what it is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(
    parts: Parts,
    name: string,
    args: HostedRegistryArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("moorage:kubernetes:HostedRegistry", name, {}, opts);
    const { expiresIn: _, rotateBefore: __, ...secretOptions } = args.pullSecret;
    parseOptions(`${name}.pullSecret`, pullSecretOptions, secretOptions);
    if (args.route !== undefined) parseOptions(`${name}.route`, registryRouteOptions, args.route);
    const inside = { parent: this };
    const registry = new parts.Registry(name, { forceDestroy: true, ...args.registry }, inside);
    const { registryId } = registry;
    const schedule = args.schedule ?? { days: ["Sunday"], time: "03:00" };
    new parts.GCSchedule(name, { registryId, ...schedule }, inside);
    const pullSecret = new PullSecretComponent(
      parts,
      name,
      { ...args.pullSecret, registryIds: [registryId] },
      inside,
    );
    if (args.route !== undefined) {
      const object = registryRouteObject(args.route, registry.hostname);
      declareObject(resourceNameOf(name, object), object, inside);
    }
    this.registryId = registryId;
    this.endpoint = registry.endpoint;
    this.secretName = pullSecret.secretName;
    this.registerOutputs({ registryId, endpoint: this.endpoint, secretName: this.secretName });
  }
}
