import * as pulumi from "@pulumi/pulumi";
import { VERSION } from "../plugin/version.ts";
import { blank, propertiesOf, type Shape } from "../program/shape.ts";

/** A resource that the plugin `pulumi-resource-moorage` looks after. */
export class PluginResource extends pulumi.CustomResource {
  constructor(
    shape: Shape,
    name: string,
    args: object | undefined,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    const { type, inputs, outputs, secretOutputs } = shape;
    // What is looked up is given by nobody: all of it comes from the server.
    const properties =
      args === undefined ? blank([...inputs, ...outputs]) : propertiesOf(shape, args);
    const own = { version: VERSION, additionalSecretOutputs: [...secretOutputs] };
    super(`moorage:index:${type}`, name, properties, pulumi.mergeOptions(own, opts));
  }
}

/** Options of an invocation, with the plugin's version unless they name another. */
export function withVersion(opts: pulumi.InvokeOutputOptions = {}): pulumi.InvokeOutputOptions {
  return { version: VERSION, ...opts };
}
