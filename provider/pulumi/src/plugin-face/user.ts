// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { Role } from "../program/named-types.ts";
import { type UserArgs, userShape } from "../program/user.ts";
import { PluginResource } from "./plugin-resource.ts";

/** A person of the organization, or a machine that calls the management API. For owners and admins. */
export class User extends PluginResource {
  /**
   * The address to sign in with. Another address makes another user; capitals make no other
   * address.
   */
  declare readonly email: pulumi.Output<string>;
  /** `owner`, `admin`, `developer` or `reader`: what the user may do. */
  declare readonly role: pulumi.Output<Role>;
  /** How people call the user; empty by default. */
  declare readonly displayName: pulumi.Output<string>;
  /**
   * The password to sign in with; secret. Left out, the server generates one, which is kept in
   * state, encrypted. What somebody else made of it cannot be read.
   */
  declare readonly password: pulumi.Output<string | undefined>;
  /** The user's id. */
  declare readonly userId: pulumi.Output<string>;

  /**
   * Looks up what is there, by the id that it is imported by.
   * @param name the resource's name within the program
   * @param id what `pulumi import` takes
   * @param opts how Pulumi is to treat it
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): User {
    return Reflect.construct(User, [name, undefined, { ...opts, id }]);
  }

  /**
   * Declares a user.
   * @param name the resource's name within the program
   * @param args what the user is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: UserArgs, opts?: pulumi.CustomResourceOptions) {
    super(userShape, name, args, opts);
  }
}
