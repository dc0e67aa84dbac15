import { credentialsQuery } from "../credentials.ts";
import { offsetQuery } from "../pages.ts";
import type { Operations } from "./operation.ts";

const CREATED = { schema: "Token", headers: ["Location"] } as const;

/** Tokens (contract, section 1), their scopes, rotation and ways to log in (extensions). */
export const TOKEN_OPERATIONS: Operations = {
  "GET /registries/{registryId}/tokens": {
    id: "listTokens",
    topic: "Tokens",
    summary: "List a registry's tokens in the order of their creation",
    query: offsetQuery,
    answers: { 200: { description: "One page of tokens.", schema: "Tokens" } },
    refusals: [404],
  },
  "POST /registries/{registryId}/tokens": {
    id: "createToken",
    topic: "Tokens",
    summary: "Create a token",
    body: { schema: "TokenRequest" },
    answers: { 201: { description: "The token with its secret, shown only here.", ...CREATED } },
    refusals: [404, 409, 413, 415, 507],
  },
  "GET /registries/{registryId}/tokens/{tokenId}": {
    id: "getToken",
    topic: "Tokens",
    summary: "Read a token",
    answers: { 200: { description: "The token; its password is empty.", schema: "Token" } },
    refusals: [404],
  },
  "PATCH /registries/{registryId}/tokens/{tokenId}": {
    id: "changeToken",
    topic: "Tokens",
    summary: "Change a token",
    description:
      "The fields stand in the body themselves; what is left out stays. `expiryDate: null` removes the expiry; `scopes` replaces the whole list.",
    body: { schema: "TokenPatch" },
    answers: { 200: { description: "The token as it is now.", schema: "Token" } },
    refusals: [404, 413, 415, 507],
  },
  "PUT /registries/{registryId}/tokens/{tokenId}": {
    id: "replaceToken",
    topic: "Tokens",
    summary: "Replace a token, or create it under this id",
    body: { schema: "TokenRequest" },
    answers: {
      201: { description: "The token; with its secret only if it was created.", ...CREATED },
    },
    refusals: [404, 409, 413, 415, 507],
  },
  "DELETE /registries/{registryId}/tokens/{tokenId}": {
    id: "deleteToken",
    topic: "Tokens",
    summary: "Delete a token",
    answers: { 204: { description: "The token is gone; its id and name are free." } },
    refusals: [404, 413, 415, 507],
  },
  "POST /registries/{registryId}/tokens/{tokenId}/rotate": {
    id: "rotateToken",
    topic: "Tokens",
    summary: "Give a token a new secret",
    body: { schema: "RotateRequest", isOptional: true },
    answers: { 200: { description: "The token with its new secret.", schema: "Token" } },
    refusals: [404, 413, 415, 507],
  },
  "GET /registries/{registryId}/credentials": {
    id: "getCredentials",
    topic: "Tokens",
    summary: "Tell how a token logs in, without its secret",
    query: credentialsQuery,
    answers: { 200: { description: "How to log in.", schema: "Credentials" } },
    refusals: [404],
  },
  "GET /registries/{registryId}/tokens/{tokenId}/scopes": {
    id: "listScopes",
    topic: "Scopes",
    summary: "List a token's scopes in their order",
    answers: { 200: { description: "All scopes.", schema: "Scopes" } },
    refusals: [404],
  },
  "POST /registries/{registryId}/tokens/{tokenId}/scopes": {
    id: "addScope",
    topic: "Scopes",
    summary: "Add a scope to a token",
    description: "Parallel changes never lose one another.",
    body: { schema: "ScopeRequest" },
    answers: {
      201: { description: "The scope.", schema: "Scope", headers: ["Location"] },
    },
    refusals: [404, 413, 415, 507],
  },
  "GET /registries/{registryId}/tokens/{tokenId}/scopes/{scopeId}": {
    id: "getScope",
    topic: "Scopes",
    summary: "Read a scope",
    answers: { 200: { description: "The scope.", schema: "Scope" } },
    refusals: [404],
  },
  "PUT /registries/{registryId}/tokens/{tokenId}/scopes/{scopeId}": {
    id: "replaceScope",
    topic: "Scopes",
    summary: "Replace a scope",
    body: { schema: "ScopeRequest" },
    answers: { 200: { description: "The scope as it is now.", schema: "Scope" } },
    refusals: [404, 413, 415, 507],
  },
  "DELETE /registries/{registryId}/tokens/{tokenId}/scopes/{scopeId}": {
    id: "removeScope",
    topic: "Scopes",
    summary: "Remove a scope from its token",
    answers: { 204: { description: "The scope is gone." } },
    refusals: [404, 413, 415, 507],
  },
};
