// Written by `npm run generate` from the package's schema; do not edit.
import * as pulumi from "@pulumi/pulumi";
import { withVersion } from "./plugin-resource.ts";

/** What `getRepository` is asked with. */
export interface GetRepositoryArgs {
  /** The registry that holds the repository. */
  registryId: string;
  /** The repository's name, such as `team/app`. */
  name: string;
}

/** What `getRepositoryOutput` is asked with. */
export interface GetRepositoryOutputArgs {
  /** The registry that holds the repository. */
  registryId: pulumi.Input<string>;
  /** The repository's name, such as `team/app`. */
  name: pulumi.Input<string>;
}

/** What `getRepository` answers. */
export interface GetRepositoryResult {
  /** The registry that holds the repository. */
  readonly registryId: string;
  /** The repository's name, such as `team/app`. */
  readonly name: string;
  /**
   * What stands before tag or digest in an image reference, such as
   * `127.0.0.1:5000/shop/team/app`.
   */
  readonly url: string;
  /** How many artifacts it holds. */
  readonly artifactCount: number;
  /** How often artifacts were pulled from it. */
  readonly pullCount: number;
  /** How often artifacts were pushed to it. */
  readonly pushCount: number;
  /** When something was last pulled from it, in UTC. */
  readonly lastPulledAt?: string | undefined;
  /** When something was last pushed to it, in UTC. */
  readonly lastPushedAt?: string | undefined;
}

/**
 * A repository that holds something, by its name: where it is, and what the server has counted.
 * One without artifacts is not there.
 */
export async function getRepository(
  args: GetRepositoryArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetRepositoryResult> {
  return await pulumi.runtime.invoke("moorage:index:getRepository", { ...args }, withVersion(opts));
}

/**
 * A repository that holds something, by its name: where it is, and what the server has counted.
 * One without artifacts is not there.
 */
export function getRepositoryOutput(
  args: GetRepositoryOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetRepositoryResult> {
  return pulumi.runtime.invokeOutput("moorage:index:getRepository", { ...args }, withVersion(opts));
}
