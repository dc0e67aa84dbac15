// Written by `npm run generate` from the package's schema; do not edit.
import * as pulumi from "@pulumi/pulumi";
import { withVersion } from "./plugin-resource.ts";

/** What `getLocations` answers. */
export interface GetLocationsResult {
  /** Ids of locations, such as `de/fra`. */
  readonly locations: string[];
}

/** The locations that registries can be created in. */
export async function getLocations(opts?: pulumi.InvokeOptions): Promise<GetLocationsResult> {
  return await pulumi.runtime.invoke("moorage:index:getLocations", {}, withVersion(opts));
}

/** The locations that registries can be created in. */
export function getLocationsOutput(
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetLocationsResult> {
  return pulumi.runtime.invokeOutput("moorage:index:getLocations", {}, withVersion(opts));
}
