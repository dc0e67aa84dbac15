// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { Shape } from "./shape.ts";

/** What a `Repository` is made from. */
export interface RepositoryArgs {
  /** The registry that holds the repository. Another registry makes another repository. */
  registryId: pulumi.Input<string>;
  /** The repository's name, such as `team/app`. Another name makes another repository. */
  name: pulumi.Input<string>;
  /**
   * Whether deleting the resource deletes artifacts too; false by default: it fails while there
   * are any.
   */
  forceDestroy?: pulumi.Input<boolean | undefined>;
}

/** What the classes `Repository` of both faces have in common. */
export const repositoryShape: Shape = {
  type: "Repository",
  inputs: ["registryId", "name", "forceDestroy"],
  outputs: ["url"],
  secretInputs: [],
  secretOutputs: [],
};
