import * as pulumi from "@pulumi/pulumi";

/** What {@link GeneratedKeys} are made from: nothing. */
export type GeneratedKeysArgs = Readonly<Record<string, never>>;

/** What is needed of it is in the method: its source is what Pulumi keeps. There may be no server to configure yet. */
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

/** What a server needs to start with: a master key and the first owner's password, made once and kept in state, encrypted. */
export class GeneratedKeys extends pulumi.dynamic.Resource {
  /** 32 random bytes in base64, which open everything that the server stores; secret. */
  declare readonly masterKey: pulumi.Output<string>;
  /** The first owner's password; secret. */
  declare readonly ownerPassword: pulumi.Output<string>;

  /**
   * Declares keys.
   * @param name the resource's name within the program
   * @param args nothing
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: GeneratedKeysArgs = {}, opts?: pulumi.CustomResourceOptions) {
    const options = pulumi.mergeOptions(opts, {
      additionalSecretOutputs: ["masterKey", "ownerPassword"],
    });
    const properties = { ...args, masterKey: undefined, ownerPassword: undefined };
    super(provider, name, properties, options, "moorage", "GeneratedKeys");
  }
}
