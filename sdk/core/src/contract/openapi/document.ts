import { refusalComponents, responsesOf } from "./answers.ts";
import { componentSchemas, schemaReference } from "./components.ts";
import { CONTENT_OPERATIONS } from "./content-operations.ts";
import type { Operation, Operations } from "./operation.ts";
import { ORGANIZATION_OPERATIONS } from "./organization-operations.ts";
import { IF_MATCH, pathParameters, queryParameters } from "./parameters.ts";
import { REGISTRY_OPERATIONS } from "./registry-operations.ts";
import { TOKEN_OPERATIONS } from "./token-operations.ts";

/** Every endpoint of the management API, by method and path. */
export const OPERATIONS: Operations = {
  ...REGISTRY_OPERATIONS,
  ...TOKEN_OPERATIONS,
  ...CONTENT_OPERATIONS,
  ...ORGANIZATION_OPERATIONS,
};

const DESCRIPTION = `Registries, tokens, scopes and what registries hold. Served below \`/containerregistries\` and, for clients that append nothing, at the root.

* **Bodies** are JSON in UTF-8, 1 MiB at most. Unknown members are refused, and so are members that an object has twice. Read-only members of an answer may be sent back and have no effect.
* **Unknown query parameters** are ignored; a known one may be given once.
* **Answers** have the fields that are described here and no others. A later version may add some.
* **HEAD** is answered wherever GET is, with the same status and headers and without a body. Other methods than those listed get 405 and \`Allow\`; other paths get 404.
* **X-Contract-Number** is ignored: who asks says which organization is meant.`;

/** That of all packages. */
const VERSION = "0.1.0";

/** The OpenAPI 3.1 description of the management API. */
export interface OpenApiDocument {
  readonly openapi: "3.1.1";
  readonly info: Readonly<Record<string, unknown>>;
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export type PathItem = Readonly<Record<string, unknown>>;

/** Describes the API from the schemas that the server validates with. */
export function openApiDocument(): OpenApiDocument {
  return {
    openapi: "3.1.1",
    info: {
      title: "Moorage management API",
      version: VERSION,
      description: DESCRIPTION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [
      { url: "/containerregistries", description: "Where the API is" },
      { url: "/", description: "The same, for clients that append nothing" },
    ],
    security: [{ basic: [] }, { bearer: [] }],
    tags: [...new Set(Object.values(OPERATIONS).map(({ topic }) => topic))].map((name) => ({
      name,
    })),
    paths: pathItems(),
    components: {
      schemas: componentSchemas(),
      responses: refusalComponents(),
      securitySchemes: {
        basic: {
          type: "http",
          scheme: "basic",
          description: "A person's e-mail address and password.",
        },
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "A JWT of a configured identity provider.",
        },
      },
    },
  };
}

function pathItems(): Record<string, PathItem> {
  const items: Record<string, Record<string, unknown>> = {};
  for (const [endpoint, operation] of Object.entries(OPERATIONS)) {
    const [method = "", path = ""] = endpoint.split(" ");
    const parameters = pathParameters(path);
    items[path] ??= {
      ...(operation.isAtRootAlone && { servers: [{ url: "/" }] }),
      ...(parameters.length > 0 && { parameters }),
    };
    Object.assign(items[path], { [method.toLowerCase()]: operationObject(operation, method) });
  }
  return items;
}

function operationObject(operation: Operation, method: string): Readonly<Record<string, unknown>> {
  const { id, topic, summary, description, body } = operation;
  const query = queryParameters(operation.query);
  const parameters = operation.isConditional ? [...query, IF_MATCH] : query;
  return {
    operationId: id,
    tags: [topic],
    summary,
    ...(description !== undefined && { description }),
    ...(operation.isOpen && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: {
        required: body.isOptional !== true,
        content: { "application/json": { schema: schemaReference(body.schema) } },
      },
    }),
    responses: responsesOf(operation, method === "HEAD"),
  };
}
