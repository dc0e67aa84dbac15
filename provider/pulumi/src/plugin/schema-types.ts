import { z } from "zod";
import { OBJECTS, WORDS } from "../resources/named-types.ts";

/*
 * How Pulumi's schema says what zod says. Types that need a name of their own there, objects and lists of words, are
 * recognised by what they are made of; one that `named-types.ts` does not name is a mistake that a test finds.
 */

/** A type, or a property with its description, as Pulumi's schema writes it. */
export interface PropertySpec {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: PropertySpec;
  readonly additionalProperties?: PropertySpec;
  readonly oneOf?: readonly PropertySpec[];
  readonly description?: string;
  readonly secret?: boolean;
  readonly willReplaceOnChanges?: boolean;
  readonly plain?: boolean;
}

/** Properties of an object, and which of them are always there. */
export interface ObjectSpec {
  readonly properties: Readonly<Record<string, PropertySpec>>;
  readonly required: readonly string[];
}

/** What zod says of a type. `title`, `summary` and `mayBeLater` are what `named` and `mayBeLater` have noted. */
export const jsonSchema = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  const: z.string().optional(),
  title: z.string().optional(),
  summary: z.string().optional(),
  mayBeLater: z.boolean().optional(),
  description: z.string().optional(),
  required: z.array(z.string()).optional(),
  get items() {
    return jsonSchema.optional();
  },
  get additionalProperties() {
    return z.union([jsonSchema, z.boolean()]).optional();
  },
  get anyOf() {
    return z.array(jsonSchema).optional();
  },
  get oneOf() {
    return z.array(jsonSchema).optional();
  },
  get properties() {
    return z.record(z.string(), jsonSchema).optional();
  },
});
export type JsonSchema = z.output<typeof jsonSchema>;

/** The same for a whole object. */
export function jsonSchemaOf(object: z.ZodObject): JsonSchema {
  return jsonSchema.parse(z.toJSONSchema(object, { io: "input", unrepresentable: "any" }));
}

/** What a zod object describes; `isOutput`: whether what has a default is always there. */
export function objectSpec(object: z.ZodObject, isOutput: boolean): ObjectSpec {
  const json = jsonSchemaOf(object);
  const properties: Record<string, PropertySpec> = {};
  const required: string[] = [];
  for (const [key, schema] of Object.entries(object.shape)) {
    const property = json.properties?.[key];
    if (property === undefined || key === "resourceName") continue;
    const { description } = property;
    properties[key] = { ...typeSpec(property), ...(description && { description }) };
    const outcome = schema["~standard"].validate(undefined);
    const isLeftOut = "value" in outcome && (!isOutput || outcome.value === undefined);
    if (!isLeftOut) required.push(key);
  }
  return { properties, required };
}

/** The same with some properties marked as secret. */
export function withSecrets(
  { properties, required }: ObjectSpec,
  secrets: readonly string[],
): ObjectSpec {
  const marked = Object.entries(properties).map(([key, property]) => [
    key,
    secrets.includes(key) ? { ...property, secret: true } : property,
  ]);
  return { properties: Object.fromEntries(marked), required };
}

/** The types that properties refer to by name. */
export function namedTypes(): Readonly<Record<string, unknown>> {
  const words = WORDS.map(({ name, values, description }) => [
    token(name),
    {
      type: "string",
      description,
      // In most languages a star is no name.
      enum: values.map((value) => (value === "*" ? { name: "All", value } : { value })),
    },
  ]);
  const objects = OBJECTS.map(({ name, keys, description, described }) => {
    const { properties } = objectSpec(described, false);
    const own = keys.map((key) => [key, properties[key]]);
    const object = { type: "object", description, properties: Object.fromEntries(own) };
    return [token(name), { ...object, required: [...keys] }];
  });
  return Object.fromEntries([...words, ...objects]);
}

/** A name as the package's schema writes it. */
export function token(name: string): string {
  return `moorage:index:${name}`;
}

function typeSpec(schema: JsonSchema): PropertySpec {
  // What may be null may be left out: `null` has no type of its own.
  const [alternative] = (schema.anyOf ?? []).filter(({ type }) => type !== "null");
  if (alternative !== undefined) return typeSpec(alternative);
  if (schema.enum !== undefined) return reference(token(nameOfWords(schema.enum)));
  if (schema.properties !== undefined) return reference(token(nameOfObject(schema.properties)));
  if (schema.type === "array") return { type: "array", items: typeSpec(schema.items ?? {}) };
  return schema.type === undefined ? { $ref: "pulumi.json#/Any" } : { type: schema.type };
}

/** A type by its token. */
export function reference(type: string): PropertySpec {
  return { $ref: `#/types/${type}` };
}

/** What a list of words is called. */
export function nameOfWords(values: readonly string[]): string {
  const found = WORDS.find((each) => each.values.join() === values.join());
  if (found === undefined) throw new Error(`named-types.ts has no name for ${values.join(", ")}`);
  return found.name;
}

function nameOfObject(properties: Readonly<Record<string, unknown>>): string {
  const found = OBJECTS.find(({ keys }) => keys.every((key) => key in properties));
  const keys = Object.keys(properties).join(", ");
  if (found === undefined) throw new Error(`named-types.ts has no name for {${keys}}`);
  return found.name;
}
