import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { countVisit } from "../../app/admit.ts";
import type { Context } from "../../app/context.ts";
import type { Principal } from "../../domain/access.ts";
import { type AtOnce, goOn } from "../../domain/at-once.ts";
import { RegistryError } from "../../domain/errors.ts";
import { BEARER_UPLOAD_GRACE_SECONDS } from "../../domain/limits.ts";
import type { Authenticator } from "../authenticate.ts";
import { type DistributionPath, parseDistributionPath } from "../wire/distribution-path.ts";
import { parseHost, type RegistryAddress, targetOf } from "../wire/registry-address.ts";
import { urlOf } from "../wire/request-url.ts";
import { getBlob, removeBlob } from "./blobs.ts";
import { neededScope } from "./challenge.ts";
import { answer, type Exchange } from "./exchange.ts";
import { getCatalog, getReferrers, getTags } from "./lists.ts";
import { getManifest, putManifest, removeManifest } from "./manifests.ts";
import { distributionErrors } from "./refusals.ts";
import { traceExchange } from "./traced-exchange.ts";
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
    app.decorateRequest("neededScope", {
      getter() {
        return neededScope(pathOf(this), this.method);
      },
    });
    app.addHook("onRequest", (request, _reply, done) => {
      overlookContentType(request);
      done();
    });
    const readHost = hostReader(context.settings.domain);
    const handle = (request: FastifyRequest, reply: FastifyReply) => {
      const path = pathOf(request);
      request.distributionKind = path?.kind;
      const graceSeconds = path?.kind === "upload" ? BEARER_UPLOAD_GRACE_SECONDS : 0;
      const answered = goOn(authenticate(request, graceSeconds), (principal) => {
        const address = request.portRegistry ?? readHost(request.host);
        return dispatch(exchangeOf(context, request, reply, principal, address, path), path);
      });
      // What was answered at once costs no promise.
      return answered instanceof Promise ? answered.then(() => reply) : undefined;
    };
    app.all("/v2", handle);
    app.all("/v2/*", handle);
  };
}

declare module "fastify" {
  interface FastifyRequest {
    /** What a bearer token must cover for this request; stands in the challenge of a 401. */
    readonly neededScope: string | undefined;
  }
}

/**
 * A blob is bytes, whatever its sender calls them: a `Content-Type` that is empty or none at all, as some clients send, must not end an upload.
 * Only of a manifest it says something.
 */
function overlookContentType(request: FastifyRequest): void {
  const { headers } = request.raw;
  const isMalformed = headers["content-type"] !== undefined && request.mediaType === undefined;
  if (isMalformed && pathOf(request)?.kind !== "manifest") {
    delete headers["content-type"];
  }
}

function pathOf(request: Pick<FastifyRequest, "raw">): DistributionPath | undefined {
  return parseDistributionPath(urlOf(request).path.slice("/v2/".length));
}

/** Reads `Host` headers; clients that come one after the other mostly send the same. */
function hostReader(domain: string): (host: string | undefined) => RegistryAddress {
  let last: { readonly host: string | undefined; readonly address: RegistryAddress } | undefined;
  return (host) => {
    if (last === undefined || last.host !== host) {
      last = { host, address: parseHost(host, domain) };
    }
    return last.address;
  };
}

function exchangeOf(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
  address: RegistryAddress,
  path: DistributionPath | undefined,
): Exchange {
  const name = path !== undefined && "name" in path ? path.name : "";
  const { query } = urlOf(request);
  return {
    context,
    request,
    reply,
    principal,
    address,
    name,
    target: targetOf(address, name),
    reference: referenceOf(path),
    query: query === "" ? NO_QUERY : new URLSearchParams(query),
  };
}

/** Shared: a query is only read. */
const NO_QUERY = new URLSearchParams();

function referenceOf(path: DistributionPath | undefined): string {
  if (path === undefined) {
    return "";
  }
  if ("reference" in path) {
    return path.reference;
  }
  return "uploadId" in path ? path.uploadId : "";
}

type Handler = (exchange: Exchange) => AtOnce<void>;

function dispatch(exchange: Exchange, path: DistributionPath | undefined): AtOnce<void> {
  const { method, url } = exchange.request;
  if (path === undefined) {
    throw new RegistryError("route-unknown", { method, path: url });
  }
  const handlers = HANDLERS[path.kind];
  const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
  if (handler === undefined) {
    exchange.reply.header("Allow", Object.keys(handlers).join(", "));
    throw new RegistryError("method-unsupported", { method, path: url });
  }
  return traceExchange(exchange, path.kind, handler);
}

const HANDLERS: Readonly<Record<DistributionPath["kind"], Readonly<Record<string, Handler>>>> = {
  version: read(checkVersion),
  catalog: read(getCatalog),
  tags: read(getTags),
  referrers: read((exchange) => getReferrers(exchange, exchange.reference)),
  manifest: {
    ...read((exchange) => getManifest(exchange, exchange.reference)),
    PUT: (exchange) => putManifest(exchange, exchange.reference),
    DELETE: (exchange) => removeManifest(exchange, exchange.reference),
  },
  blob: {
    ...read((exchange) => getBlob(exchange, exchange.reference)),
    DELETE: (exchange) => removeBlob(exchange, exchange.reference),
  },
  uploads: { POST: postUpload },
  upload: {
    ...read((exchange) => getUpload(exchange, exchange.reference)),
    PATCH: (exchange) => patchUpload(exchange, exchange.reference),
    PUT: (exchange) => putUpload(exchange, exchange.reference),
    DELETE: (exchange) => deleteUpload(exchange, exchange.reference),
  },
};

/** Whatever can be read can be asked about (RFC 9110, section 9.1): Node.js leaves out the body of an answer to `HEAD`. */
function read(handler: Handler): Readonly<Record<"GET" | "HEAD", Handler>> {
  return { GET: handler, HEAD: handler };
}

/** `GET /v2/`: tells a client that it speaks to a registry, and whether its credentials are good (distribution-spec 1.1, "Determining Support"). */
function checkVersion(exchange: Exchange): void {
  const { principal } = exchange;
  if (principal.kind === "anonymous" && principal.grant === undefined) {
    throw new RegistryError("credentials-missing", {});
  }
  countVisit(principal);
  answer(exchange, 200, { "Content-Type": "application/json" }, "{}");
}
