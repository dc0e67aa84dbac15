import type { DistributionPath } from "../wire/distribution-path.ts";

/** What a client needs to know to get past a 401 (RFC 6750, section 3; Docker token authentication, "How to authenticate"). */
export interface ChallengeFacts {
  /** Absolute address of the token endpoint. */
  readonly realm: string;
  /** The host that the client spoke to, so that the token endpoint reads names as this host does. */
  readonly service: string;
  /** What to ask for; absent for the version check. */
  readonly scope: string | undefined;
  /** Why a bearer token was refused. */
  readonly error: "invalid_token" | "insufficient_scope" | undefined;
}

/** The `WWW-Authenticate` header of a 401. */
export function challenge({ realm, service, scope, error }: ChallengeFacts): string {
  const parameters = { realm, service, scope, error };
  const listed = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${value.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "")}"`],
  );
  return `Bearer ${listed.join(",")}`;
}

/** The scope that a request needs, in the spelling of the token endpoint. */
export function neededScope(
  path: DistributionPath | undefined,
  method: string,
): string | undefined {
  if (path === undefined || path.kind === "version") {
    return undefined;
  }
  if (path.kind === "catalog") {
    return "registry:catalog:*";
  }
  return `repository:${path.name}:${actionsOf(path, method)}`;
}

function actionsOf(path: DistributionPath, method: string): string {
  if (method === "DELETE" && path.kind !== "upload") {
    return "delete";
  }
  const isRead = method === "GET" || method === "HEAD";
  return isRead && path.kind !== "upload" ? "pull" : "pull,push";
}
