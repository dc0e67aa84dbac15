import type { Answer } from "./answer-reader.ts";
import { Connection, expectStatus, headerOf, type Request } from "./connection.ts";

/** A registry under load, as the load process sees it: everything in it can be sent to another process. */
export interface Endpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Comes before every repository's name; empty, or with a slash at its end. */
  readonly prefix: string;
  readonly credentials: Credentials;
}

export type Credentials =
  | { readonly kind: "none" }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | { readonly kind: "bearer"; readonly username: string; readonly password: string };

/** Repositories that the workloads use; a Bearer token is asked for all of them at once. */
export const REPOSITORIES = ["blobs", "manifests", "images", "tags", "tags-few", "referrers"];

/** Opens connections that carry the endpoint's credentials. */
export async function openConnections(endpoint: Endpoint, count: number): Promise<Connection[]> {
  const headers = await authorizationOf(endpoint);
  const opening = Array.from({ length: count }, () => {
    return Connection.open(endpoint.host, endpoint.port, headers);
  });
  return Promise.all(opening);
}

/** The `Authorization` header, if the endpoint wants one. */
export async function authorizationOf(endpoint: Endpoint): Promise<readonly string[]> {
  const { credentials } = endpoint;
  switch (credentials.kind) {
    case "none":
      return [];
    case "basic":
      return [basicOf(credentials)];
    case "bearer":
      return [`Authorization: Bearer ${await fetchBearer(endpoint, basicOf(credentials))}`];
    default:
      return credentials satisfies never;
  }
}

export function pathOf(endpoint: Endpoint, repository: string, rest: string): string {
  return `/v2/${endpoint.prefix}${repository}/${rest}`;
}

/** Sends one request on a connection of its own. */
export async function sendOnce(endpoint: Endpoint, request: Request): Promise<Answer> {
  const [connection] = await openConnections(endpoint, 1);
  if (connection === undefined) {
    throw new Error("no connection");
  }
  try {
    return await connection.send(request);
  } finally {
    connection.close();
  }
}

function basicOf({ username, password }: { username: string; password: string }): string {
  const pair = Buffer.from(`${username}:${password}`).toString("base64");
  return `Authorization: Basic ${pair}`;
}

/** Docker's token protocol: the challenge of `/v2/` says where and for which service. */
async function fetchBearer(endpoint: Endpoint, basic: string): Promise<string> {
  const { host, port, prefix } = endpoint;
  const bare = await Connection.open(host, port, []);
  const challenge = headerOf(await bare.send({ method: "GET", path: "/v2/" }), "WWW-Authenticate");
  bare.close();
  const realm = /realm="([^"]*)"/.exec(challenge ?? "")?.[1];
  const service = /service="([^"]*)"/.exec(challenge ?? "")?.[1] ?? "";
  if (realm === undefined) {
    throw new Error(`${endpoint.name} asks for no Bearer token`);
  }
  const url = new URL(realm);
  url.searchParams.set("service", service);
  for (const repository of REPOSITORIES) {
    url.searchParams.append("scope", `repository:${prefix}${repository}:pull,push`);
  }
  const connection = await Connection.open(url.hostname, Number(url.port), [basic]);
  const path = `${url.pathname}${url.search}`;
  const answer = expectStatus(await connection.send({ method: "GET", path, keepsBody: true }), 200);
  connection.close();
  const found: unknown = JSON.parse(answer.body.toString());
  if (typeof found === "object" && found !== null && "token" in found) {
    return String(found.token);
  }
  throw new Error(`${endpoint.name} issued no Bearer token`);
}
