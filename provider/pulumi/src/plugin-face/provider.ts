// Written by `npm run generate` from the package's schema; do not edit.
import * as pulumi from "@pulumi/pulumi";
import { VERSION } from "../plugin/version.ts";

/** What a `Provider` is made from. */
export interface ProviderArgs {
  /**
   * Address of the server, with or without `/containerregistries`; no credentials in it. Left out,
   * the variable `MOORAGE_ENDPOINT`.
   */
  endpoint?: pulumi.Input<string | undefined>;
  /** A user of the organization: an e-mail address. Left out, the variable `MOORAGE_USERNAME`. */
  username?: pulumi.Input<string | undefined>;
  /** That user's password; secret. Left out, the variable `MOORAGE_PASSWORD`. */
  password?: pulumi.Input<string | undefined>;
}

/**
 * Which server to talk to, and as whom. What a program does not give comes from the stack's
 * configuration, and from the environment where that says nothing.
 *
 * The server may be made by the same stack: a preview does without an endpoint that is not known
 * yet.
 */
export class Provider extends pulumi.ProviderResource {
  /**
   * Declares a provider.
   * @param name the resource's name within the program
   * @param args which server, and as whom
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: ProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    const properties = {
      endpoint: args.endpoint,
      username: args.username,
      password: args.password === undefined ? undefined : pulumi.secret(args.password),
    };
    super("moorage", name, properties, pulumi.mergeOptions({ version: VERSION }, opts));
  }
}
