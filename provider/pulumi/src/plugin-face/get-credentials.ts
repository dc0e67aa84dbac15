// Written by `npm run generate` from the package's schema; do not edit.
import * as pulumi from "@pulumi/pulumi";
import { withVersion } from "./plugin-resource.ts";

/** What `getCredentials` is asked with. */
export interface GetCredentialsArgs {
  /** The registry that the token is for. */
  registryId: string;
  /** The token to log in with. */
  tokenId: string;
}

/** What `getCredentialsOutput` is asked with. */
export interface GetCredentialsOutputArgs {
  /** The registry that the token is for. */
  registryId: pulumi.Input<string>;
  /** The token to log in with. */
  tokenId: pulumi.Input<string>;
}

/** What `getCredentials` answers. */
export interface GetCredentialsResult {
  /** What stands before a repository's name in an image reference. */
  readonly endpoint: string;
  /** The name to log in with. */
  readonly username: string;
  /** A shell command that logs docker in and asks for the password. */
  readonly dockerLogin: string;
  /** Content of a Docker `config.json`, with `<password>` in it. */
  readonly dockerConfigJson: string;
}

/**
 * How to log in with a token that is there. The server shows a secret only to whoever makes it, so
 * `<password>` stands where it belongs in the configuration.
 */
export async function getCredentials(
  args: GetCredentialsArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetCredentialsResult> {
  return await pulumi.runtime.invoke(
    "moorage:index:getCredentials",
    { ...args },
    withVersion(opts),
  );
}

/**
 * How to log in with a token that is there. The server shows a secret only to whoever makes it, so
 * `<password>` stands where it belongs in the configuration.
 */
export function getCredentialsOutput(
  args: GetCredentialsOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetCredentialsResult> {
  return pulumi.runtime.invokeOutput(
    "moorage:index:getCredentials",
    { ...args },
    withVersion(opts),
  );
}
