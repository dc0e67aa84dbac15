import { type JsonSchema, schemaReference } from "./components.ts";
import type { AnswerHeader, Operation, RefusalStatus, Success } from "./operation.ts";

/** A response of OpenAPI, or a reference to one. */
export type ResponseObject = Readonly<Record<string, unknown>>;

/** What every operation can answer. */
const EVERYWHERE: readonly RefusalStatus[] = [400, 401, 403, 429, 500, 503];
const EVERYWHERE_OPEN: readonly RefusalStatus[] = [400, 429, 500, 503];

const REFUSALS: Readonly<Record<RefusalStatus, { name: string; description: string }>> = {
  400: {
    name: "BadRequest",
    description:
      "Something in the path, the query or the body is not valid, or a registry's name is taken; the messages say what, and what would be right.",
  },
  401: { name: "Unauthorized", description: "Credentials are missing or wrong." },
  403: { name: "Forbidden", description: "The credentials lack the right to do this." },
  404: { name: "NotFound", description: "What the path names does not exist." },
  409: { name: "Conflict", description: "It would break a rule about what else there is." },
  412: { name: "PreconditionFailed", description: "Somebody else has changed it meanwhile." },
  413: { name: "ContentTooLarge", description: "The body is larger than 1 MiB." },
  415: { name: "UnsupportedMediaType", description: "The body is not `application/json`." },
  429: { name: "TooManyRequests", description: "Too often; `Retry-After` says when to go on." },
  500: { name: "InternalError", description: "A fault of the server's, which its log tells of." },
  503: { name: "ServiceUnavailable", description: "Not now; `Retry-After` says when again." },
  507: { name: "InsufficientStorage", description: "The server's disk is full." },
};

const HEADERS: Readonly<Record<string, { description: string; schema: JsonSchema }>> = {
  Location: {
    description: "Where the resource is, absolute.",
    schema: { type: "string", format: "uri" },
  },
  ETag: { description: "Changes with every change.", schema: { type: "string" } },
  "Cache-Control": {
    description: "For how long the answer may be kept.",
    schema: { type: "string" },
  },
  "WWW-Authenticate": {
    description: "How to authenticate.",
    schema: { type: "string", pattern: "^Basic realm=" },
  },
  "Retry-After": {
    description: "After how many seconds to come back.",
    schema: { type: "string", pattern: "^[0-9]+$" },
  },
};

/** `responses` of an operation. Answers to HEAD have no bodies. */
export function responsesOf(operation: Operation, isHead: boolean): Record<string, ResponseObject> {
  const everywhere = operation.isOpen ? EVERYWHERE_OPEN : EVERYWHERE;
  const statuses = [...everywhere, ...(operation.refusals ?? [])].sort((a, b) => a - b);
  const refusals = statuses.map((status) => [String(status), refusalOf(status, isHead)] as const);
  const successes = Object.entries(operation.answers).map(
    ([status, success]) => [status, successOf(success)] as const,
  );
  return Object.fromEntries([...refusals, ...successes]);
}

/** `components.responses`: the refusals, in the contract's form. */
export function refusalComponents(): Readonly<Record<string, ResponseObject>> {
  return Object.fromEntries(
    Object.entries(REFUSALS).map(([status, { name, description }]) => [
      name,
      { description, ...headersOf(refusalHeaders(Number(status))), ...jsonOf("Error") },
    ]),
  );
}

function refusalOf(status: RefusalStatus, isHead: boolean): ResponseObject {
  const { name, description } = REFUSALS[status];
  return isHead
    ? { description, ...headersOf(refusalHeaders(status)) }
    : { $ref: `#/components/responses/${name}` };
}

function refusalHeaders(status: number): readonly string[] {
  switch (status) {
    case 401:
      return ["WWW-Authenticate"];
    case 429:
    case 503:
      return ["Retry-After"];
    default:
      return [];
  }
}

function successOf({ description, schema, mediaTypes = [], headers = [] }: Success) {
  const json = schema === undefined ? {} : jsonOf(schema).content;
  const others = Object.fromEntries(mediaTypes.map((type) => [type, {}]));
  const content = { ...json, ...others };
  return {
    description,
    ...headersOf(headers satisfies readonly AnswerHeader[]),
    ...(Object.keys(content).length > 0 && { content }),
  };
}

function headersOf(names: readonly string[]) {
  return names.length === 0
    ? {}
    : {
        headers: Object.fromEntries(
          names.map((name) => [name, { required: true, ...HEADERS[name] }]),
        ),
      };
}

function jsonOf(name: Parameters<typeof schemaReference>[0]) {
  return { content: { "application/json": { schema: schemaReference(name) } } };
}
