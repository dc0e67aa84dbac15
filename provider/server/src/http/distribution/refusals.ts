import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { Context } from "../../app/context.ts";
import { isRefusal, RegistryError } from "../../domain/errors.ts";
import { MANIFEST_BYTES_MAX } from "../../domain/limits.ts";
import { auditRefusal } from "../audited-refusals.ts";
import { frameworkCodeOf, refusalOfFramework } from "../wire/framework-refusals.ts";
import { hasHungUp } from "../wire/hang-up.ts";
import { ociAnswer, ociFaultBody } from "../wire/oci-errors.ts";
import { retryHeaders } from "../wire/retry-headers.ts";
import { challenge } from "./challenge.ts";
import { answer } from "./exchange.ts";
import { uploadRange } from "./uploads.ts";

/**
 * Turns whatever a handler threw into an answer in the specification's form. A refusal says what it is; a fault of ours says only under
 * which request id it was logged.
 */
export function distributionErrors(context: Context) {
  return (thrown: FastifyError | RegistryError, request: FastifyRequest, reply: FastifyReply) => {
    const error = refusalOf(thrown, request);
    auditRefusal(context, request, error);
    if (reply.raw.headersSent || reply.raw.destroyed) {
      reply.hijack();
      reply.raw.destroy();
      return;
    }
    const json = { "Content-Type": "application/json", ...allowHeader(reply) };
    if (error instanceof RegistryError) {
      const { status, body } = ociAnswer(error);
      const headers = { ...json, ...refusalHeaders(error, request) };
      answer({ reply }, status, headers, request.method === "HEAD" ? undefined : body);
      return;
    }
    if (hasHungUp(request, error)) {
      // The client hung up in the middle of its body: nobody is left to answer.
      reply.hijack();
      reply.raw.destroy();
      return;
    }
    context.events.error("request-failed", error, { requestId: request.id });
    answer({ reply }, 500, json, ociFaultBody(request.id));
  };
}

/** What the framework refuses for what the client has sent is a refusal of ours. */
function refusalOf(
  error: FastifyError | RegistryError,
  { headers }: FastifyRequest,
): FastifyError | RegistryError {
  if (error instanceof RegistryError) {
    return error;
  }
  if (frameworkCodeOf(error) === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    // Only a manifest's is looked at.
    const mediaType = headers["content-type"] ?? "";
    return new RegistryError("manifest-media-type-unsupported", { mediaType }, { cause: error });
  }
  return refusalOfFramework(error, MANIFEST_BYTES_MAX) ?? error;
}

function refusalHeaders(error: RegistryError, request: FastifyRequest): Record<string, string> {
  if (isRefusal(error, "upload-gap")) {
    return { Range: uploadRange(error.detail.offset) };
  }
  if (isRefusal(error, "range-not-satisfiable")) {
    return { "Content-Range": `bytes */${error.detail.size}` };
  }
  const failure = CHALLENGE_ERRORS[error.reason];
  if (failure === undefined) {
    return retryHeaders(error);
  }
  const header = challenge({
    realm: request.tokenUrl,
    service: request.host,
    scope: request.neededScope,
    error: failure || undefined,
  });
  return { "WWW-Authenticate": header };
}

/** Refusals that other credentials could change; empty where none were given. */
const CHALLENGE_ERRORS: { readonly [reason: string]: "" | "invalid_token" | "insufficient_scope" } =
  {
    "credentials-missing": "",
    "credentials-invalid": "invalid_token",
    "credentials-insufficient": "insufficient_scope",
  };

function allowHeader(reply: FastifyReply): Record<string, string> {
  const allow = reply.getHeader("Allow");
  return typeof allow === "string" ? { Allow: allow } : {};
}
