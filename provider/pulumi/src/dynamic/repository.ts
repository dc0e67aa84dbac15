import * as pulumi from "@pulumi/pulumi";
import { shim } from "./shim.ts";

const provider = shim("Repository");

/** What a {@link Repository} is made from. */
export interface RepositoryArgs {
  /** The registry that holds the repository. Another registry makes another repository. */
  registryId: pulumi.Input<string>;
  /** The repository's name, such as `team/app`. Another name makes another repository. */
  name: pulumi.Input<string>;
  /** Whether deleting the resource deletes artifacts too; false by default: it fails while there are any. */
  forceDestroy?: pulumi.Input<boolean> | undefined;
}

/**
 * A repository that the stack answers for, declared before anything is pushed. Nothing is created on the
 * server; the content goes with the resource if `forceDestroy` says so, and keeps it from being
 * deleted otherwise.
 */
export class Repository extends pulumi.dynamic.Resource {
  declare readonly registryId: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  declare readonly forceDestroy: pulumi.Output<boolean>;
  /** What stands before tag or digest in an image reference, such as `127.0.0.1:5000/shop/team/app`. */
  declare readonly url: pulumi.Output<string>;

  /**
   * Declares a repository.
   * @param name the resource's name within the program
   * @param args what the repository is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: RepositoryArgs, opts?: pulumi.CustomResourceOptions) {
    const properties = { forceDestroy: undefined, ...args, url: undefined, resourceName: name };
    super(provider, name, properties, opts, "moorage", "Repository");
  }
}
