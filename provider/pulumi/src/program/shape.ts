import * as pulumi from "@pulumi/pulumi";

/** What the classes of one resource are made of on both faces. */
export interface Shape {
  readonly type: string;
  readonly inputs: readonly string[];
  /** What it has besides its inputs. */
  readonly outputs: readonly string[];
  readonly secretInputs: readonly string[];
  readonly secretOutputs: readonly string[];
}

/** A resource's properties as they are registered: those that nobody gave are there without a value, so that they become outputs. */
export function propertiesOf(shape: Shape, args: object): pulumi.Inputs {
  const properties: pulumi.Inputs = { ...blank(shape.inputs), ...args, ...blank(shape.outputs) };
  for (const key of shape.secretInputs) {
    if (properties[key] !== undefined) properties[key] = pulumi.secret(properties[key]);
  }
  return properties;
}

/** Names without values. */
export function blank(names: readonly string[]): pulumi.Inputs {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
