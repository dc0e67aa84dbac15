// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import { type GeneratedKeysArgs, generatedKeysShape } from "../program/generated-keys.ts";
import { PluginResource } from "./plugin-resource.ts";

/**
 * What a server needs to start with: a master key and the first owner's password, made once and
 * kept in state, encrypted. No server is asked, so the provider needs no settings for it. Deleted,
 * the keys are gone: whoever stores something under them protects the resource.
 */
export class GeneratedKeys extends PluginResource {
  /** 32 random bytes in base64, which open everything that the server stores; secret. */
  declare readonly masterKey: pulumi.Output<string>;
  /** The first owner's password; secret. */
  declare readonly ownerPassword: pulumi.Output<string>;

  /**
   * Looks up what is there, by the id that it is imported by.
   * @param name the resource's name within the program
   * @param id what `pulumi import` takes
   * @param opts how Pulumi is to treat it
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): GeneratedKeys {
    return Reflect.construct(GeneratedKeys, [name, undefined, { ...opts, id }]);
  }

  /**
   * Declares a pair of keys.
   * @param name the resource's name within the program
   * @param args what the pair of keys is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: GeneratedKeysArgs = {}, opts?: pulumi.CustomResourceOptions) {
    super(generatedKeysShape, name, args, opts);
  }
}
