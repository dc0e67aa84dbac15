import * as pulumi from "@pulumi/pulumi";
import { shim } from "./shim.ts";

const provider = shim("User");

/** What a {@link User} is made from. */
export interface UserArgs {
  /** The address to sign in with. Another address makes another user. */
  email: pulumi.Input<string>;
  /** `owner`, `admin`, `developer` or `reader`: what the user may do. */
  role: pulumi.Input<"owner" | "admin" | "developer" | "reader">;
  /** How people call the user; empty by default. */
  displayName?: pulumi.Input<string> | undefined;
  /**
   * The password to sign in with; secret. Left out, the server generates one, which is kept in
   * state, encrypted. What somebody else made of it cannot be read.
   */
  password?: pulumi.Input<string> | undefined;
}

/** A person of the organization, or a machine that calls the management API. For owners and admins. */
export class User extends pulumi.dynamic.Resource {
  /** The user's id. */
  declare readonly userId: pulumi.Output<string>;
  declare readonly email: pulumi.Output<string>;
  declare readonly role: pulumi.Output<"owner" | "admin" | "developer" | "reader">;
  declare readonly displayName: pulumi.Output<string>;
  declare readonly password: pulumi.Output<string>;

  /**
   * Declares a user.
   * @param name the resource's name within the program
   * @param args what the user is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: UserArgs, opts?: pulumi.CustomResourceOptions) {
    const password = args.password === undefined ? undefined : pulumi.secret(args.password);
    const properties = { displayName: undefined, ...args, password, resourceName: name };
    const options = pulumi.mergeOptions(opts, { additionalSecretOutputs: ["password"] });
    super(provider, name, properties, options, "moorage", "User");
    this.userId = this.id;
  }
}
