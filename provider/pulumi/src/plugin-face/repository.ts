// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import { type RepositoryArgs, repositoryShape } from "../program/repository.ts";
import { PluginResource } from "./plugin-resource.ts";

/**
 * A repository that the stack answers for, declared before anything is pushed. Nothing is created
 * on the server; the content goes with the resource if `forceDestroy` says so, and keeps it from
 * being deleted otherwise. How much was pushed is no output: every push would be a difference.
 */
export class Repository extends PluginResource {
  /** The registry that holds the repository. Another registry makes another repository. */
  declare readonly registryId: pulumi.Output<string>;
  /** The repository's name, such as `team/app`. Another name makes another repository. */
  declare readonly name: pulumi.Output<string>;
  /**
   * Whether deleting the resource deletes artifacts too; false by default: it fails while there
   * are any.
   */
  declare readonly forceDestroy: pulumi.Output<boolean>;
  /**
   * What stands before tag or digest in an image reference, such as
   * `127.0.0.1:5000/shop/team/app`.
   */
  declare readonly url: pulumi.Output<string>;

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
  ): Repository {
    return Reflect.construct(Repository, [name, undefined, { ...opts, id }]);
  }

  /**
   * Declares a repository.
   * @param name the resource's name within the program
   * @param args what the repository is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: RepositoryArgs, opts?: pulumi.CustomResourceOptions) {
    super(repositoryShape, name, args, opts);
  }
}
