// Written by `npm run generate` from the package's schema; do not edit.
import * as pulumi from "@pulumi/pulumi";
import { VERSION } from "../plugin/version.ts";
import type {
  HostedPullSecret,
  HostedRegistrySettings,
  HostedSchedule,
  Route,
} from "../program/named-types.ts";
import { blank } from "../program/shape.ts";
/** What a `HostedRegistry` is made from. */
export interface HostedRegistryArgs {
  /** The registry. Its content goes with it, unless `forceDestroy` is false. */
  registry: HostedRegistrySettings;
  /** When its garbage is collected; Sunday at 03:00 if left out. */
  schedule?: HostedSchedule | undefined;
  /** Where pods may pull from it. */
  pullSecret: HostedPullSecret;
  /** Leads the registry's host name to the server, where registries have host names. */
  route?: Route | undefined;
}

/**
 * A registry with everything around it: schedule, pull token, pull secrets, route. Deleting it
 * leaves nothing.
 */
export class HostedRegistry extends pulumi.ComponentResource {
  /** The registry's id. */
  declare readonly registryId: pulumi.Output<string>;
  /** What stands before a repository's name in an image reference. */
  declare readonly endpoint: pulumi.Output<string>;
  /** The name of the pull secret in each namespace. */
  declare readonly secretName: pulumi.Output<string>;

  /**
   * Declares it.
   * @param name the resource's name within the program
   * @param args what it is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: HostedRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = blank(["registryId", "endpoint", "secretName"]);
    const options = pulumi.mergeOptions({ version: VERSION }, opts);
    super("moorage:kubernetes:HostedRegistry", name, { ...outputs, ...args }, options, true);
  }
}
