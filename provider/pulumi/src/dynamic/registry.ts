import * as pulumi from "@pulumi/pulumi";
import { shim } from "./shim.ts";

const provider = shim("Registry");

/** What a {@link Registry} is made from. */
export interface RegistryArgs {
  /**
   * The registry's name: 3 to 63 lower-case letters, digits and hyphens, unique over all organizations.
   * Left out, it is the resource's name and a random suffix. Another name makes another registry.
   */
  name?: pulumi.Input<string> | undefined;
  /** The id of the location to store content in, such as `de/fra`. Another location makes another registry. */
  location: pulumi.Input<string>;
  /** `private` (the default), or `public`: anyone may pull, and do nothing else. */
  visibility?: pulumi.Input<"private" | "public"> | undefined;
  /** Whether what is pushed is scanned for vulnerabilities; true by default. Once on, it cannot be switched off. */
  vulnerabilityScanning?: pulumi.Input<boolean> | undefined;
  /**
   * IPv4 and IPv6 addresses and networks that may push and pull, at most 25, such as `192.0.2.0/24`.
   * Empty, the default, means everyone.
   */
  apiSubnetAllowList?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Whether the server refuses to delete the registry, whoever asks; false by default. */
  deletionProtection?: pulumi.Input<boolean> | undefined;
  /** Whether deleting the resource deletes artifacts too; false by default: it fails while there are any. */
  forceDestroy?: pulumi.Input<boolean> | undefined;
}

/** A container registry. */
export class Registry extends pulumi.dynamic.Resource {
  /** The registry's id; what {@link Token}, {@link Scope} and {@link GCSchedule} refer to. */
  declare readonly registryId: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  declare readonly location: pulumi.Output<string>;
  declare readonly visibility: pulumi.Output<"private" | "public">;
  declare readonly vulnerabilityScanning: pulumi.Output<boolean>;
  declare readonly apiSubnetAllowList: pulumi.Output<string[]>;
  declare readonly deletionProtection: pulumi.Output<boolean>;
  declare readonly forceDestroy: pulumi.Output<boolean>;
  /** The host name that the registry has where registries are addressed by host. */
  declare readonly hostname: pulumi.Output<string>;
  /** What stands before a repository's name in an image reference, such as `127.0.0.1:5000/shop`. */
  declare readonly endpoint: pulumi.Output<string>;
  /** The registry's own port, where registries are addressed by port. */
  declare readonly port: pulumi.Output<number | undefined>;
  /** `Running`, once the registry can be used. */
  declare readonly state: pulumi.Output<string>;

  /**
   * Declares a registry.
   * @param name the resource's name within the program
   * @param args what the registry is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: RegistryArgs, opts?: pulumi.CustomResourceOptions) {
    const optional = {
      name: undefined,
      visibility: undefined,
      vulnerabilityScanning: undefined,
      apiSubnetAllowList: undefined,
      deletionProtection: undefined,
      forceDestroy: undefined,
    };
    const outputs = { hostname: undefined, endpoint: undefined, port: undefined, state: undefined };
    const properties = { ...optional, ...args, ...outputs, resourceName: name };
    super(provider, name, properties, opts, "moorage", "Registry");
    // The id is known during a preview that updates the registry, where other outputs are not: what
    // refers to it is not taken for changed.
    this.registryId = this.id;
  }
}
