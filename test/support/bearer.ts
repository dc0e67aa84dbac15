import assert from "node:assert/strict";
import { assertStatus } from "./distribution-client.ts";
import { jsonOf, send } from "./http-request.ts";
import { basic, type Credentials } from "./management.ts";

/** Asks the token endpoint for these scopes by `GET` (Docker token authentication) and returns the bearer token. */
export async function bearerFor(
  url: string,
  credentials: Credentials | undefined,
  ...scopes: readonly string[]
): Promise<string> {
  const query = new URLSearchParams(scopes.map((scope) => ["scope", scope]));
  query.set("service", new URL(url).host);
  const headers = credentials === undefined ? {} : { authorization: basic(credentials) };
  const answer = await send(url, "GET", `/token?${query}`, { headers });
  assertStatus(answer, 200);
  const { token, access_token } = jsonOf(answer) as { token: string; access_token: string };
  assert.equal(token, access_token);
  return token;
}

/** The headers of a request that presents a bearer token. */
export function bearing(bearer: string): { readonly authorization: string } {
  return { authorization: `Bearer ${bearer}` };
}
