import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { countVisit } from "../../app/admit.ts";
import type { Context } from "../../app/context.ts";
import type { Principal } from "../../domain/access.ts";
import { RegistryError } from "../../domain/errors.ts";
import { BEARER_UPLOAD_GRACE_SECONDS } from "../../domain/limits.ts";
import type { Authenticator } from "../authenticate.ts";
import { type DistributionPath, parseDistributionPath } from "../wire/distribution-path.ts";
import { parseHost, targetOf } from "../wire/registry-address.ts";
import { urlOf } from "../wire/request-url.ts";
import { getBlob, removeBlob } from "./blobs.ts";
import { neededScope } from "./challenge.ts";
import { answer, type Exchange } from "./exchange.ts";
import { getCatalog, getReferrers, getTags } from "./lists.ts";
import { getManifest, putManifest, removeManifest } from "./manifests.ts";
import { distributionErrors } from "./refusals.ts";
import { deleteUpload, getUpload, patchUpload, postUpload, putUpload } from "./uploads.ts";

/**
 * The distribution API (OCI distribution-spec 1.1; Docker Registry HTTP API v2), below `/v2`. A scope of its own: bodies are raw streams
 * without a limit, and errors have the specification's form.
 */
export function distributionApi(context: Context, authenticate: Authenticator): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, _payload, done) => done(null));
    app.setErrorHandler<FastifyError | RegistryError>(distributionErrors(context));
    const handle = async (request: FastifyRequest, reply: FastifyReply) => {
      const { path, query } = locate(request);
      request.neededScope = neededScope(path, request.method);
      const graceSeconds = path?.kind === "upload" ? BEARER_UPLOAD_GRACE_SECONDS : 0;
      const principal = await authenticate(request, graceSeconds);
      await dispatch(exchangeOf(context, request, reply, principal, path, query), path);
      return reply;
    };
    app.all("/v2", handle);
    app.all("/v2/*", handle);
  };
}

declare module "fastify" {
  interface FastifyRequest {
    /** What a bearer token must cover for this request; stands in the challenge of a 401. */
    neededScope: string | undefined;
  }
}

function locate(request: FastifyRequest) {
  const { path, query } = urlOf(request);
  return {
    path: parseDistributionPath(path.replace(/^\/v2\/?/, "")),
    query: new URLSearchParams(query),
  };
}

function exchangeOf(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
  path: DistributionPath | undefined,
  query: URLSearchParams,
): Exchange {
  const address = parseHost(request.host, context.settings.domain);
  const name = path !== undefined && "name" in path ? path.name : "";
  const target = targetOf(address, name);
  return { context, request, reply, principal, address, name, target, query };
}

type Handler = (exchange: Exchange) => Promise<void>;

async function dispatch(exchange: Exchange, path: DistributionPath | undefined): Promise<void> {
  const { method, url } = exchange.request;
  if (path === undefined) {
    throw new RegistryError("route-unknown", { method, path: url });
  }
  const handlers = handlersOf(path);
  const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
  if (handler === undefined) {
    exchange.reply.header("Allow", Object.keys(handlers).join(", "));
    throw new RegistryError("method-unsupported", { method, path: url });
  }
  await handler(exchange);
}

function handlersOf(path: DistributionPath): Readonly<Record<string, Handler>> {
  switch (path.kind) {
    case "version":
      return read(checkVersion);
    case "catalog":
      return { GET: getCatalog };
    case "tags":
      return { GET: getTags };
    case "referrers":
      return { GET: (exchange) => getReferrers(exchange, path.reference) };
    case "manifest":
      return {
        ...read((exchange) => getManifest(exchange, path.reference)),
        PUT: (exchange) => putManifest(exchange, path.reference),
        DELETE: (exchange) => removeManifest(exchange, path.reference),
      };
    case "blob":
      return {
        ...read((exchange) => getBlob(exchange, path.reference)),
        DELETE: (exchange) => removeBlob(exchange, path.reference),
      };
    case "uploads":
      return { POST: postUpload };
    case "upload":
      return {
        GET: (exchange) => getUpload(exchange, path.uploadId),
        PATCH: (exchange) => patchUpload(exchange, path.uploadId),
        PUT: (exchange) => putUpload(exchange, path.uploadId),
        DELETE: (exchange) => deleteUpload(exchange, path.uploadId),
      };
    default:
      return path satisfies never;
  }
}

function read(handler: Handler): Readonly<Record<"GET" | "HEAD", Handler>> {
  return { GET: handler, HEAD: handler };
}

/** `GET /v2/`: tells a client that it speaks to a registry, and whether its credentials are good (distribution-spec 1.1, "Determining Support"). */
async function checkVersion(exchange: Exchange): Promise<void> {
  const { principal } = exchange;
  if (principal.kind === "anonymous" && principal.grant === undefined) {
    throw new RegistryError("credentials-missing", {});
  }
  countVisit(principal);
  answer(exchange, 200, { "Content-Type": "application/json" }, "{}");
}
