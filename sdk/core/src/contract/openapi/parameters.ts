import type { z } from "zod";
import { type JsonSchema, querySchema } from "./components.ts";

/** A parameter of OpenAPI. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
}

const UUID = {
  type: "string",
  pattern: "^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$",
} as const;

/** Parameters of paths, by name. */
const IN_PATH: Readonly<Record<string, { description: string; schema: JsonSchema }>> = {
  registryId: { description: "The registry's id.", schema: UUID },
  tokenId: { description: "The token's id.", schema: UUID },
  scopeId: { description: "The scope's id.", schema: UUID },
  runId: { description: "The run's id.", schema: UUID },
  userId: { description: "The person's id.", schema: UUID },
  name: {
    description: "A registry's name.",
    schema: { type: "string", pattern: "^[a-z][-a-z0-9]{1,61}[a-z0-9]$" },
  },
  repository: {
    description: "The repository's name, its slashes as `%2F`.",
    schema: { type: "string", maxLength: 256 },
  },
  digest: {
    description: "The manifest's digest, such as `sha256:…`.",
    schema: { type: "string", maxLength: 128 },
  },
  vulnerabilityId: {
    description: "The id that the vulnerability is known by, such as `CVE-2021-44228`.",
    schema: { type: "string", minLength: 1, maxLength: 64 },
  },
};

/** What parameters of queries mean, by name. */
const IN_QUERY: Readonly<Record<string, string>> = {
  offset: "How many items to skip.",
  limit: "How many items the page may hold.",
  "pagination.token": "The token of an earlier answer; empty asks for the first page.",
  orderBy: "What to sort by; a leading `-` means descending.",
  "filter.name": "Text that the name contains, whatever its case.",
  "filter.vulnerabilitySeverity": "The severity of the artifact that was pushed last.",
  "filter.vulnerabilityId": "A vulnerability that the artifact has.",
  "filter.severity": "The severity of the vulnerability.",
  "filter.fixable": "Whether there is a fix.",
  tokenId: "The token that is to log in.",
  path: "The folder, empty or with a slash at its end.",
  since: "The first moment.",
  until: "The moment behind the last one.",
  registryId: "The registry that it happened to.",
  actor: "Who did it: an id, or exactly a name.",
  action: "What was done.",
  format: "A page as JSON, or everything as lines of JSON.",
};

/** `If-Match` of what is changed only if nobody else was faster. */
export const IF_MATCH: Parameter = {
  name: "If-Match",
  in: "header",
  required: false,
  description: "The `ETag`, or `metadata.etag`, that was read: 412 if it has changed since.",
  schema: { type: "string" },
};

/** The parameters in a path, in their order. */
export function pathParameters(path: string): Parameter[] {
  return [...path.matchAll(/\{([A-Za-z]+)\}/g)].map(([, name = ""]) => {
    const known = IN_PATH[name];
    if (known === undefined) {
      throw new Error(`nobody says what {${name}} of ${path} is`);
    }
    return { name, in: "path", required: true, ...known };
  });
}

/** The parameters that the server reads a query by. */
export function queryParameters(query: z.ZodType | undefined): Parameter[] {
  if (query === undefined) {
    return [];
  }
  // Of an object's schema.
  const { properties = {}, required = [] } = querySchema(query) as {
    properties?: Readonly<Record<string, JsonSchema>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => {
    const description = IN_QUERY[name];
    if (description === undefined) {
      throw new Error(`nobody says what the parameter ${name} of a query means`);
    }
    const isRequired = required.includes(name);
    return { name, in: "query", required: isRequired, description, schema: plain(schema) };
  });
}

/** Numbers are read from text by a pattern, which says nothing about the number. */
function plain({ pattern, ...schema }: JsonSchema): JsonSchema {
  return schema["type"] === "integer" || pattern === undefined ? schema : { ...schema, pattern };
}
