import type { FastifyRequest } from "fastify";
import type { DistributionPath } from "./wire/distribution-path.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** What a path of the distribution API asks for, once it is read. */
    distributionKind: DistributionPath["kind"] | undefined;
  }
}

/** How requests are told apart where they are counted and traced: by what the code knows, never by what a client wrote. */
export interface RequestRoute {
  readonly api: "distribution" | "management" | "sign-in" | "ops" | "none";
  /** The path with its parts replaced by their names: `/registries/{registryId}`. */
  readonly route: string;
  readonly method: string;
}

const METHODS: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
]);

const DISTRIBUTION_ROUTES: Readonly<Record<DistributionPath["kind"], string>> = {
  version: "/v2/",
  catalog: "/v2/_catalog",
  tags: "/v2/{name}/tags/list",
  manifest: "/v2/{name}/manifests/{reference}",
  blob: "/v2/{name}/blobs/{digest}",
  uploads: "/v2/{name}/blobs/uploads/",
  upload: "/v2/{name}/blobs/uploads/{uploadId}",
  referrers: "/v2/{name}/referrers/{digest}",
};

const OTHER_APIS: Readonly<Record<string, RequestRoute["api"]>> = {
  "/token": "sign-in",
  "/healthz": "ops",
  "/readyz": "ops",
};

interface KnownRoute {
  readonly api: RequestRoute["api"];
  readonly route: string;
}

/** By Fastify's pattern: there are as many as the server has routes. */
const known = new Map<string, KnownRoute>();

export function routeOf(request: FastifyRequest): RequestRoute {
  const method = METHODS.has(request.method) ? request.method : "other";
  if (request.distributionKind !== undefined) {
    return { api: "distribution", route: DISTRIBUTION_ROUTES[request.distributionKind], method };
  }
  const pattern = request.routeOptions.url;
  if (pattern === undefined || request.is404) {
    return { api: "none", route: "unmatched", method };
  }
  let found = known.get(pattern);
  if (found === undefined) {
    found = readPattern(pattern);
    known.set(pattern, found);
  }
  return { ...found, method };
}

function readPattern(pattern: string): KnownRoute {
  if (pattern.startsWith("/v2")) {
    return { api: "distribution", route: "/v2/*" };
  }
  const route = pattern
    .replace(/^\/containerregistries(?=\/)/, "")
    .replace(/:([A-Za-z]+)/g, "{$1}")
    .replace("/*", "/{name}");
  return { api: OTHER_APIS[route] ?? "management", route };
}
