import { COMPONENT_MODULE, COMPONENTS } from "../components/all.ts";
import type { ComponentDefinition } from "../components/definition.ts";
import {
  type JsonSchema,
  jsonSchemaOf,
  nameOfWords,
  type ObjectSpec,
  objectSpec,
  type PropertySpec,
  reference,
  token,
  withSecrets,
} from "./schema-types.ts";

/*
 * How Pulumi's schema says what a component is made from. Types within its inputs have the names that their definitions give them. What
 * decides which objects there are is `plain`: languages with types take no outputs of other resources for it.
 */

/** What a component is made from. */
export function componentInputs({ inputs }: ComponentDefinition): ObjectSpec {
  return members(jsonSchemaOf(inputs));
}

/** What a component has. */
export function componentOutputs({ outputs, secrets }: ComponentDefinition): ObjectSpec {
  return withSecrets(objectSpec(outputs, false), secrets);
}

/** The types that components' inputs refer to by name. */
export function componentTypes(): Readonly<Record<string, unknown>> {
  const found = new Map<string, unknown>();
  for (const { inputs } of COMPONENTS.values()) collect(jsonSchemaOf(inputs), found);
  return Object.fromEntries(found);
}

function collect(schema: JsonSchema, found: Map<string, unknown>): void {
  const inside = merged(schema);
  if (inside.title !== undefined) found.set(tokenOf(inside.title), definitionOf(inside));
  const inner = [
    ...Object.values(inside.properties ?? {}),
    ...(inside.items ? [inside.items] : []),
    ...(inside.anyOf ?? []),
  ];
  for (const each of inner) collect(each, found);
}

function definitionOf(schema: JsonSchema): unknown {
  const { enum: words, summary: description } = schema;
  if (words !== undefined) {
    return { type: "string", description, enum: words.map((value) => ({ value })) };
  }
  return { type: "object", description, ...members(schema) };
}

function members({ properties = {}, required = [] }: JsonSchema): ObjectSpec {
  const specs = Object.entries(properties).map(([key, schema]) => {
    const { description } = schema;
    return [key, { ...typeSpec(schema), ...(description && { description }) }];
  });
  return { properties: Object.fromEntries(specs), required };
}

/** What is within a value that may be known late may be, too. */
function typeSpec(schema: JsonSchema, isLater = schema.mayBeLater === true): PropertySpec {
  return { ...bareSpec(merged(schema), isLater), ...(isLater ? {} : { plain: true }) };
}

function bareSpec(schema: JsonSchema, isLater: boolean): PropertySpec {
  const { additionalProperties: values, anyOf, enum: words, items = {}, title, type } = schema;
  // Where the items may be known late, their number is known nevertheless.
  const inner = (each: JsonSchema) => typeSpec(each, isLater || each.mayBeLater === true);
  if (title !== undefined) return reference(tokenOf(title));
  if (words !== undefined) return reference(token(nameOfWords(words)));
  if (anyOf !== undefined) {
    const kinds = new Map(anyOf.map(inner).map((each) => [JSON.stringify(each), each]));
    const [only = {}] = kinds.values();
    return kinds.size === 1 ? only : { oneOf: [...kinds.values()] };
  }
  // Pulumi's generator for Go has no types for plain objects in plain lists, if something within is not plain.
  const isMixed = Object.values(items.properties ?? {}).some((each) => each.mayBeLater === true);
  if (type === "array") return { type, items: isMixed ? typeSpec(items, true) : inner(items) };
  if (typeof values === "object") return { type: "object", additionalProperties: inner(values) };
  if (type === undefined) throw new Error(`no type for ${JSON.stringify(schema)}`);
  return { type };
}

/**
 * An object that is one of several is one with the properties of all, since few languages can say that one of them decides about the
 * others; what may be null may be left out.
 */
export function merged(schema: JsonSchema): JsonSchema {
  const { anyOf, oneOf, ...rest } = schema;
  const others = anyOf?.filter(({ type }) => type !== "null");
  const [only] = others ?? [];
  if (only !== undefined && others?.length === 1) return { ...only, ...rest };
  if (oneOf === undefined) return schema;
  const properties: Record<string, JsonSchema> = {};
  for (const [key, each] of oneOf.flatMap((one) => Object.entries(one.properties ?? {}))) {
    const known = properties[key];
    const words = [...(known?.enum ?? []), ...(each.const === undefined ? [] : [each.const])];
    const title = `${schema.title ?? ""}${key[0]?.toUpperCase()}${key.slice(1)}`;
    const summary = `Which kind: ${words.join(" or ")}.`;
    const choice = words.length > 0 ? { enum: words, title, summary } : {};
    properties[key] = { ...each, ...known, ...choice };
  }
  const required = (oneOf[0]?.required ?? []).filter((key) =>
    oneOf.every((one) => one.required?.includes(key)),
  );
  return { ...rest, type: "object", properties, required };
}

function tokenOf(title: string): string {
  return `moorage:${COMPONENT_MODULE}:${title}`;
}
