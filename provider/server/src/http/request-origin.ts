import type { FastifyRequest } from "fastify";
import type { Principal } from "../domain/access.ts";
import type { RequestOrigin } from "../domain/audit.ts";

/** Where a request came from, as the audit log tells it. */
export function originOf(request: FastifyRequest): RequestOrigin {
  return {
    address: request.ip,
    requestId: request.id,
    userAgent: request.headers["user-agent"],
  };
}

/** The principal with where its request came from: for what the audit log tells of. */
export function comingFrom<Who extends Principal>(principal: Who, request: FastifyRequest): Who {
  return { ...principal, origin: originOf(request) };
}
