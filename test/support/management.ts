import assert from "node:assert/strict";
import { OWNER_EMAIL, OWNER_PASSWORD } from "./running-server.ts";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export const OWNER: Credentials = { username: OWNER_EMAIL, password: OWNER_PASSWORD };

/** The value of an `Authorization` header. */
export function basic({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

export interface MadeRegistry {
  readonly id: string;
  readonly name: string;
}

/** Creates a registry by the management API. */
export async function makeRegistry(
  url: string,
  name: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<MadeRegistry> {
  const properties = { name, location: "de/fra", ...more };
  const { id } = await post(`${url}/containerregistries/registries`, { properties });
  return { id, name };
}

export interface ScopeSpec {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

export const EVERYTHING: ScopeSpec = { type: "repository", name: "*", actions: ["*"] };
export const PULL_ONLY: ScopeSpec = { type: "repository", name: "*", actions: ["pull"] };

export interface MadeToken extends Credentials {
  readonly id: string;
}

/** Creates a token by the management API. */
export async function makeToken(
  url: string,
  registry: MadeRegistry,
  name: string,
  scopes: readonly ScopeSpec[] = [EVERYTHING],
  more: Readonly<Record<string, unknown>> = {},
): Promise<MadeToken> {
  const answer = await post(`${url}/containerregistries/registries/${registry.id}/tokens`, {
    properties: { name, scopes, ...more },
  });
  return { id: answer.id, ...answer.properties.credentials };
}

export interface MadeUser extends Credentials {
  readonly id: string;
}

/** Adds a person to the organization of `by` by the management API; the password is generated. */
export async function makeUser(
  url: string,
  username: string,
  role: string,
  by: Credentials = OWNER,
): Promise<MadeUser> {
  const answer = await manage(url, "POST", "/users", { properties: { email: username, role } }, by);
  const text = await answer.text();
  assert.equal(answer.status, 201, text);
  const { id, properties } = JSON.parse(text) as { id: string; properties: { password: string } };
  return { id, username, password: properties.password };
}

/** Calls the management API, as the owner unless somebody else is given. */
export function manage(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  who: Credentials = OWNER,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${url}/containerregistries${path}`, {
    method,
    headers: {
      authorization: basic(who),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

interface Created {
  readonly id: string;
  readonly properties: { readonly credentials: Credentials };
}

async function post(url: string, body: unknown): Promise<Created> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { authorization: basic(OWNER), "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  assert.equal(answer.status, 201, text);
  return JSON.parse(text) as Created;
}
