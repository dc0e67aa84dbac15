import { z } from "zod";
import { artifact, artifactsResponse } from "../artifact.ts";
import { auditEvent, auditEventsResponse } from "../audit-event.ts";
import { credentialsResponse } from "../credentials.ts";
import { apiErrorResponse } from "../errors.ts";
import {
  garbageCollectionRequest,
  garbageCollectionRun,
  garbageCollectionRunsResponse,
} from "../garbage-collection.ts";
import { health } from "../health.ts";
import { locationsResponse } from "../location.ts";
import { metadata } from "../metadata.ts";
import { organization } from "../organization.ts";
import { registriesResponse, registry, registryPatch, registryRequest } from "../registry.ts";
import { repositoriesResponse, repository } from "../repository.ts";
import { rotateRequest } from "../rotate.ts";
import { scope, scopeRequest, scopeResponse, scopesResponse } from "../scope.ts";
import { token, tokenPatch, tokenRequest, tokensResponse } from "../token.ts";
import { tagEntry, tagsResponse, treeEntry, treeResponse } from "../tree.ts";
import { ownPassword, user, userPatch, userRequest, usersResponse } from "../user.ts";
import { vulnerabilitiesResponse, vulnerability } from "../vulnerability.ts";

/** Bodies of requests. */
const REQUESTS = {
  RegistryRequest: registryRequest,
  RegistryPatch: registryPatch,
  TokenRequest: tokenRequest,
  TokenPatch: tokenPatch,
  ScopeRequest: scopeRequest,
  RotateRequest: rotateRequest,
  GarbageCollectionRequest: garbageCollectionRequest,
  UserRequest: userRequest,
  UserPatch: userPatch,
  OwnPassword: ownPassword,
} as const satisfies Readonly<Record<string, z.ZodType>>;
export type RequestName = keyof typeof REQUESTS;

/** Bodies of answers, and their parts that stand in several. */
const ANSWERS = {
  Error: apiErrorResponse,
  Metadata: metadata,
  Locations: locationsResponse,
  Registry: registry,
  Registries: registriesResponse,
  Token: token,
  Tokens: tokensResponse,
  TokenScope: scope,
  Scope: scopeResponse,
  Scopes: scopesResponse,
  Credentials: credentialsResponse,
  GarbageCollectionRun: garbageCollectionRun,
  GarbageCollectionRuns: garbageCollectionRunsResponse,
  Repository: repository,
  Repositories: repositoriesResponse,
  Artifact: artifact,
  Artifacts: artifactsResponse,
  Tag: tagEntry,
  Tags: tagsResponse,
  TreeEntry: treeEntry,
  Tree: treeResponse,
  Vulnerability: vulnerability,
  Vulnerabilities: vulnerabilitiesResponse,
  Organization: organization,
  User: user,
  Users: usersResponse,
  AuditEvent: auditEvent,
  AuditEvents: auditEventsResponse,
  Health: health,
} as const satisfies Readonly<Record<string, z.ZodType>>;
export type AnswerName = keyof typeof ANSWERS;

/** A JSON schema of 2020-12, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * `components.schemas`. Requests are described as they are sent, answers as they are sent too: defaults and transformations happen on the
 * other side of each.
 */
export function componentSchemas(): Readonly<Record<string, JsonSchema>> {
  return { ...schemasOf(REQUESTS, "input"), ...schemasOf(ANSWERS, "output") };
}

/** Where a component stands. */
export function schemaReference(name: AnswerName | RequestName): { readonly $ref: string } {
  return { $ref: uri(name) };
}

/** The schema of a query, its parameters in `properties`. */
export function querySchema(query: z.ZodType): JsonSchema {
  return z.toJSONSchema(query, { io: "input", override });
}

function schemasOf(
  schemas: Readonly<Record<string, z.ZodType>>,
  io: "input" | "output",
): Readonly<Record<string, JsonSchema>> {
  const registered = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) {
    registered.add(schema, { id });
  }
  const made = z.toJSONSchema(registered, { io, uri, unrepresentable: "any", override });
  return Object.fromEntries(
    Object.entries(made.schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [
      name,
      schema,
    ]),
  );
}

function uri(name: string): string {
  return `#/components/schemas/${name}`;
}

/** Says what zod leaves out, and leaves out what says nothing. */
function override({
  zodSchema,
  jsonSchema,
}: {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  const { def } = zodSchema._zod;
  // A member that a schema knows only in order to refuse it.
  if (def.type === "undefined") {
    jsonSchema.not = {};
  }
  // Numbers that arrive as text have lost their default.
  if (def.type === "default" && jsonSchema.type === "integer") {
    jsonSchema.default = def.defaultValue;
  }
  // Every whole number of JavaScript.
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) {
    delete jsonSchema.minimum;
  }
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
    delete jsonSchema.maximum;
  }
}
