import type { ServerKeys } from "@moorage/core/deployment/registry-server";
import * as pulumi from "@pulumi/pulumi";

/** What is needed of it is in the method: its source is what Pulumi keeps. */
const provider: pulumi.dynamic.ResourceProvider = {
  async create() {
    const { randomBytes } = await import("node:crypto");
    const outs = {
      masterKey: randomBytes(32).toString("base64"),
      ownerPassword: randomBytes(24).toString("base64url"),
    };
    return { id: "keys", outs };
  },
};

/** A master key and a password, made once and kept in state, encrypted. */
export class GeneratedKeys extends pulumi.dynamic.Resource implements ServerKeys {
  declare readonly masterKey: pulumi.Output<string>;
  declare readonly ownerPassword: pulumi.Output<string>;

  constructor(name: string, opts: pulumi.CustomResourceOptions) {
    const options = pulumi.mergeOptions(opts, {
      additionalSecretOutputs: ["masterKey", "ownerPassword"],
    });
    const outputs = { masterKey: undefined, ownerPassword: undefined };
    super(provider, name, outputs, options, "moorage", "GeneratedKeys");
  }
}
