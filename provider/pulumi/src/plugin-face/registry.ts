// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { Visibility } from "../program/named-types.ts";
import { type RegistryArgs, registryShape } from "../program/registry.ts";
import { PluginResource } from "./plugin-resource.ts";

/** A container registry. */
export class Registry extends PluginResource {
  /**
   * The registry's name: 3 to 63 lower-case letters, digits and hyphens, unique over all
   * organizations. Left out, it is the resource's name and a random suffix. Another name makes
   * another registry.
   */
  declare readonly name: pulumi.Output<string>;
  /**
   * The id of the location to store content in, such as `de/fra`. Another location makes another
   * registry.
   */
  declare readonly location: pulumi.Output<string>;
  /** `private` (the default), or `public`: anyone may pull, and do nothing else. */
  declare readonly visibility: pulumi.Output<Visibility>;
  /**
   * Whether what is pushed is scanned for vulnerabilities; true by default. Once on, it cannot be
   * switched off. The server does not scan yet.
   */
  declare readonly vulnerabilityScanning: pulumi.Output<boolean>;
  /**
   * IPv4 and IPv6 addresses and networks that may push and pull, at most 25, such as
   * `192.0.2.0/24`. Empty, the default, means everyone.
   */
  declare readonly apiSubnetAllowList: pulumi.Output<string[]>;
  /** Whether the server refuses to delete the registry, whoever asks; false by default. */
  declare readonly deletionProtection: pulumi.Output<boolean>;
  /**
   * Whether deleting the resource deletes artifacts too; false by default: it fails while there
   * are any.
   */
  declare readonly forceDestroy: pulumi.Output<boolean>;
  /** The registry's id; what `Token`, `Scope` and `GCSchedule` refer to. */
  declare readonly registryId: pulumi.Output<string>;
  /** The host name that the registry has where registries are addressed by host. */
  declare readonly hostname: pulumi.Output<string>;
  /** What stands before a repository's name in an image reference, such as `127.0.0.1:5000/shop`. */
  declare readonly endpoint: pulumi.Output<string>;
  /** The registry's own port, where registries are addressed by port. */
  declare readonly port: pulumi.Output<number | undefined>;
  /** `Running`, once the registry can be used. */
  declare readonly state: pulumi.Output<string>;

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
  ): Registry {
    return Reflect.construct(Registry, [name, undefined, { ...opts, id }]);
  }

  /**
   * Declares a registry.
   * @param name the resource's name within the program
   * @param args what the registry is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: RegistryArgs, opts?: pulumi.CustomResourceOptions) {
    super(registryShape, name, args, opts);
  }
}
