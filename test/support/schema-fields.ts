import { z } from "zod";

/** A field of a request, as `properties.scopes[].name`; the request itself is `""`. */
export type FieldPath = string;

export interface SchemaFields {
  /** Every field, objects and lists included. */
  readonly all: readonly FieldPath[];
  /** The objects that know their fields; every other field is to be refused in them. */
  readonly closedObjects: readonly FieldPath[];
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: unknown;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** The fields of what a schema takes. */
export function fieldsOf(schema: z.ZodType): SchemaFields {
  const all = new Set<FieldPath>();
  const closedObjects = new Set<FieldPath>();
  const walk = (node: JsonSchema, path: FieldPath) => {
    if (path !== "") {
      all.add(path);
    }
    if (node.additionalProperties === false) {
      closedObjects.add(path);
    }
    for (const [name, field] of Object.entries(node.properties ?? {})) {
      walk(field, path === "" ? name : `${path}.${name}`);
    }
    if (node.items !== undefined) {
      walk(node.items, `${path}[]`);
    }
    for (const alternative of node.anyOf ?? []) {
      walk(alternative, path);
    }
  };
  walk(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema, "");
  return { all: [...all], closedObjects: [...closedObjects] };
}

/** A copy of `body` in which the field has another value; of a list, its first item. */
export function withField(body: unknown, path: FieldPath, value: unknown): unknown {
  if (path === "") {
    return value;
  }
  const copy = structuredClone(body);
  const steps = path.replaceAll("[]", ".0").split(".");
  const last = steps.pop() ?? "";
  let at: unknown = copy;
  for (const step of steps) {
    at = childOf(at, step);
  }
  if (typeof at !== "object" || at === null) {
    throw new Error(`the body has no ${path}`);
  }
  Object.defineProperty(at, last, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}

function childOf(value: unknown, step: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.getOwnPropertyDescriptor(value, step)?.value
    : undefined;
}
