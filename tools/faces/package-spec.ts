// The package's schema, read as the generators of faces, examples and pages need it.
import { z } from "zod";
import { packageSchema } from "../../provider/pulumi/src/plugin/schema.ts";

const typeSpec = z.object({
  type: z.string().optional(),
  $ref: z.string().optional(),
  plain: z.boolean().optional(),
  get items() {
    return typeSpec.optional();
  },
  get additionalProperties() {
    return typeSpec.optional();
  },
  get oneOf() {
    return z.array(typeSpec).optional();
  },
});
/** A type, as Pulumi's schema writes it. */
export type TypeSpec = z.output<typeof typeSpec>;

const property = typeSpec.extend({
  description: z.string().default(""),
  secret: z.boolean().default(false),
  willReplaceOnChanges: z.boolean().default(false),
});
/** A property of a resource, a function or a named type. */
export type PropertySpec = z.output<typeof property>;

const properties = z.record(z.string(), property).default({});
const names = z.array(z.string()).default([]);
const object = z.object({ description: z.string().default(""), properties, required: names });
/** Named properties, and which of them are always there. */
export type ObjectSpec = z.output<typeof object>;

const namedType = object.extend({
  enum: z.array(z.object({ value: z.string(), name: z.string().optional() })).optional(),
});

const resource = object.extend({
  isComponent: z.boolean().default(false),
  inputProperties: properties,
  requiredInputs: names,
});
/** A resource or a component. */
export type ResourceSpec = z.output<typeof resource>;

const call = z.object({
  description: z.string().default(""),
  inputs: object.default({ description: "", properties: {}, required: [] }),
  outputs: object,
});
/** A function. */
export type FunctionSpec = z.output<typeof call>;

const packageSpec = z.object({
  provider: z.object({ description: z.string(), inputProperties: properties }),
  types: z.record(z.string(), namedType),
  resources: z.record(z.string(), resource),
  functions: z.record(z.string(), call),
});
/** Everything that a program can say, by tokens such as `moorage:index:Token`. */
export type PackageSpec = z.output<typeof packageSpec>;

/** The schema that the plugin serves. */
export function readPackage(): PackageSpec {
  return packageSpec.parse(packageSchema());
}

/** The last part of a token, which is the name of a class, a function or a type. */
export function nameOf(token: string): string {
  return token.slice(token.lastIndexOf(":") + 1);
}

/** What a resource is given. */
export function inputsOf({
  description,
  inputProperties,
  requiredInputs,
}: ResourceSpec): ObjectSpec {
  return { description, properties: inputProperties, required: requiredInputs };
}

/** Whether only components take values of a type. */
export function isOfComponents(token: string): boolean {
  return token.split(":")[1] === "kubernetes";
}
