// Written by `npm run generate` from the package's schema; do not edit.
import * as pulumi from "@pulumi/pulumi";
import type { Visibility } from "../program/named-types.ts";
import { withVersion } from "./plugin-resource.ts";

/** What `getRegistry` is asked with. */
export interface GetRegistryArgs {
  /** The registry's id. Excludes `name`. */
  registryId?: string | undefined;
  /** The registry's whole name. Excludes `registryId`. */
  name?: string | undefined;
}

/** What `getRegistryOutput` is asked with. */
export interface GetRegistryOutputArgs {
  /** The registry's id. Excludes `name`. */
  registryId?: pulumi.Input<string | undefined>;
  /** The registry's whole name. Excludes `registryId`. */
  name?: pulumi.Input<string | undefined>;
}

/** What `getRegistry` answers. */
export interface GetRegistryResult {
  /** The registry's id; what `Token`, `Scope` and `GCSchedule` refer to. */
  readonly registryId: string;
  /** The host name that the registry has where registries are addressed by host. */
  readonly hostname: string;
  /** What stands before a repository's name in an image reference, such as `127.0.0.1:5000/shop`. */
  readonly endpoint: string;
  /** The registry's own port, where registries are addressed by port. */
  readonly port?: number | undefined;
  /** `Running`, once the registry can be used. */
  readonly state: string;
  /** The registry's name. */
  readonly name: string;
  /**
   * The id of the location to store content in, such as `de/fra`. Another location makes another
   * registry.
   */
  readonly location: string;
  /** `private` (the default), or `public`: anyone may pull, and do nothing else. */
  readonly visibility: Visibility;
  /**
   * Whether what is pushed is scanned for vulnerabilities; true by default. Once on, it cannot be
   * switched off. The server does not scan yet.
   */
  readonly vulnerabilityScanning: boolean;
  /**
   * IPv4 and IPv6 addresses and networks that may push and pull, at most 25, such as
   * `192.0.2.0/24`. Empty, the default, means everyone.
   */
  readonly apiSubnetAllowList: string[];
  /** Whether the server refuses to delete the registry, whoever asks; false by default. */
  readonly deletionProtection: boolean;
}

/** A registry that is there, by its id or its name. */
export async function getRegistry(
  args: GetRegistryArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetRegistryResult> {
  return await pulumi.runtime.invoke("moorage:index:getRegistry", { ...args }, withVersion(opts));
}

/** A registry that is there, by its id or its name. */
export function getRegistryOutput(
  args: GetRegistryOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetRegistryResult> {
  return pulumi.runtime.invokeOutput("moorage:index:getRegistry", { ...args }, withVersion(opts));
}
