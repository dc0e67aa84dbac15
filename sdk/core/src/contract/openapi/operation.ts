import type { z } from "zod";
import type { AnswerName, RequestName } from "./components.ts";

/** What an operation is listed under. */
export type Topic =
  | "Locations and names"
  | "Registries"
  | "Garbage collection"
  | "Tokens"
  | "Scopes"
  | "Content"
  | "Vulnerabilities"
  | "Organization"
  | "Audit log"
  | "This server";

/** One endpoint of the management API, as its OpenAPI description tells of it. */
export interface Operation {
  /** What generated clients call it. */
  readonly id: string;
  readonly topic: Topic;
  /** A sentence without its full stop. */
  readonly summary: string;
  readonly description?: string;
  /** The schema that the server reads the query by: an object, whatever it is turned into. */
  readonly query?: z.ZodType;
  /** Whether it takes `If-Match`. */
  readonly isConditional?: true;
  readonly body?: { readonly schema: RequestName; readonly isOptional?: true };
  /** Answers of who got what was asked for. */
  readonly answers: Readonly<Record<number, Success>>;
  /** Refusals, besides those of every operation. */
  readonly refusals?: readonly RefusalStatus[];
  /** Whether nobody's credentials are needed. */
  readonly isOpen?: true;
  /** Whether it is served at the root alone. */
  readonly isAtRootAlone?: true;
}

/** An answer that is no refusal. */
export interface Success {
  readonly description: string;
  /** Its body as `application/json`. */
  readonly schema?: AnswerName;
  /** Its body where it is, or can be, something else. */
  readonly mediaTypes?: readonly string[];
  readonly headers?: readonly AnswerHeader[];
}

export type AnswerHeader = "Location" | "ETag" | "Cache-Control";

/** The statuses that a refusal can have, one shared answer each. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 412 | 413 | 415 | 429 | 500 | 503 | 507;

/** By method and path, for example `GET /registries/{registryId}`. */
export type Operations = Readonly<Record<string, Operation>>;
