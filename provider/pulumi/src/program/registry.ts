// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { Visibility } from "./named-types.ts";
import type { Shape } from "./shape.ts";

/** What a `Registry` is made from. */
export interface RegistryArgs {
  /**
   * The registry's name: 3 to 63 lower-case letters, digits and hyphens, unique over all
   * organizations. Left out, it is the resource's name and a random suffix. Another name makes
   * another registry.
   */
  name?: pulumi.Input<string | undefined>;
  /**
   * The id of the location to store content in, such as `de/fra`. Another location makes another
   * registry.
   */
  location: pulumi.Input<string>;
  /** `private` (the default), or `public`: anyone may pull, and do nothing else. */
  visibility?: pulumi.Input<Visibility | undefined>;
  /**
   * Whether what is pushed is scanned for vulnerabilities; true by default. Once on, it cannot be
   * switched off. The server does not scan yet.
   */
  vulnerabilityScanning?: pulumi.Input<boolean | undefined>;
  /**
   * IPv4 and IPv6 addresses and networks that may push and pull, at most 25, such as
   * `192.0.2.0/24`. Empty, the default, means everyone.
   */
  apiSubnetAllowList?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Whether the server refuses to delete the registry, whoever asks; false by default. */
  deletionProtection?: pulumi.Input<boolean | undefined>;
  /**
   * Whether deleting the resource deletes artifacts too; false by default: it fails while there
   * are any.
   */
  forceDestroy?: pulumi.Input<boolean | undefined>;
}

/** What the classes `Registry` of both faces have in common. */
export const registryShape: Shape = {
  type: "Registry",
  inputs: [
    "name",
    "location",
    "visibility",
    "vulnerabilityScanning",
    "apiSubnetAllowList",
    "deletionProtection",
    "forceDestroy",
  ],
  outputs: ["registryId", "hostname", "endpoint", "port", "state"],
  secretInputs: [],
  secretOutputs: [],
};
