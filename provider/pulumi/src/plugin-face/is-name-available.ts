// Written by `npm run generate` from the package's schema; do not edit.
import * as pulumi from "@pulumi/pulumi";
import { withVersion } from "./plugin-resource.ts";

/** What `isNameAvailable` is asked with. */
export interface IsNameAvailableArgs {
  /** The name to ask about. */
  name: string;
}

/** What `isNameAvailableOutput` is asked with. */
export interface IsNameAvailableOutputArgs {
  /** The name to ask about. */
  name: pulumi.Input<string>;
}

/** What `isNameAvailable` answers. */
export interface IsNameAvailableResult {
  /** Whether the name is valid and free. */
  readonly available: boolean;
  /** `free`, `taken`, or `invalid`: not 3 to 63 lower-case letters, digits, hyphens. */
  readonly status: string;
}

/** Whether a new registry can have this name: names are unique over all organizations. */
export async function isNameAvailable(
  args: IsNameAvailableArgs,
  opts?: pulumi.InvokeOptions,
): Promise<IsNameAvailableResult> {
  return await pulumi.runtime.invoke(
    "moorage:index:isNameAvailable",
    { ...args },
    withVersion(opts),
  );
}

/** Whether a new registry can have this name: names are unique over all organizations. */
export function isNameAvailableOutput(
  args: IsNameAvailableOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<IsNameAvailableResult> {
  return pulumi.runtime.invokeOutput(
    "moorage:index:isNameAvailable",
    { ...args },
    withVersion(opts),
  );
}
