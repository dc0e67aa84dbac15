import { z } from "zod";

/**
 * An object of a request: unknown fields are refused by name, and every refusal is a sentence.
 * @param what how the sentence calls the object, for example `features`
 * @param readOnly the fields that an answer shows and that may be sent back, though nothing comes of
 *   it; no sentence recommends them
 */
export function requestObject<Shape extends z.ZodRawShape>(
  what: string,
  shape: Shape,
  readOnly: readonly (keyof Shape)[] = [],
): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape)
    .filter((key) => !readOnly.includes(key))
    .join(", ");
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return `${what} must be an object with ${known}`;
      return `${what} has the unknown field ${unknownKeys(issue)}; the known ones are ${known}`;
    },
  });
}

/**
 * Members that an answer carries around `properties`. A client that reads a resource, edits it and
 * sends it back by PUT (curl with jq, for example) returns them; they are accepted and not used.
 */
const envelope = {
  id: z.unknown().optional(),
  type: z.unknown().optional(),
  href: z.unknown().optional(),
  metadata: z.unknown().optional(),
};

/** The body `{"properties": …}` of POST and PUT (contract, section 1). */
export function wrapped<Properties extends z.ZodType>(
  properties: Properties,
): z.ZodObject<typeof envelope & { properties: Properties }, z.core.$strict> {
  const shape = { properties, ...envelope };
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys")
        return 'the body must be a JSON object {"properties": …}';
      return `the body has the unknown field ${unknownKeys(issue)}; what is wanted stands in properties`;
    },
  });
}

/** Whoever sends thousands of them gets no answer of that size. */
const UNKNOWN_KEYS_NAMED_MAX = 5;

function unknownKeys({ keys }: { keys: string[] }): string {
  const named = keys
    .slice(0, UNKNOWN_KEYS_NAMED_MAX)
    .map((key) => JSON.stringify(key.slice(0, 64)));
  const others = keys.length - named.length;
  return others > 0 ? `${named.join(", ")} and ${others} more` : named.join(", ");
}
