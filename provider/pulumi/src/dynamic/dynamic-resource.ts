import * as pulumi from "@pulumi/pulumi";
import { propertiesOf, type Shape } from "../program/shape.ts";
import { shim } from "./shim.ts";

const providers = new Map<string, pulumi.dynamic.ResourceProvider>();

/** A resource that the program's own process looks after: nothing has to be installed. */
export class DynamicResource extends pulumi.dynamic.Resource {
  constructor(shape: Shape, name: string, args: object, opts?: pulumi.CustomResourceOptions) {
    const { type, secretOutputs } = shape;
    const properties = { ...propertiesOf(shape, args), resourceName: name };
    const options = pulumi.mergeOptions(opts, { additionalSecretOutputs: [...secretOutputs] });
    super(providerOf(type), name, properties, options, "moorage", type);
  }
}

/** One for each type: Pulumi writes down the source of each that it meets. */
function providerOf(type: string): pulumi.dynamic.ResourceProvider {
  const known = providers.get(type);
  if (known !== undefined) return known;
  const provider = shim(type);
  providers.set(type, provider);
  return provider;
}
