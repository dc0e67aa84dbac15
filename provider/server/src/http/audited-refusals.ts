import type { FastifyRequest } from "fastify";
import type { Context } from "../app/context.ts";
import { noteRefusal } from "../app/note-refusal.ts";
import type { Principal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import { originOf } from "./request-origin.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who sent it, once that is settled: for the audit log, should the request be refused. */
    principal: Principal | undefined;
  }
}

/** Tells the audit log of a refusal, and counts it. Each scope's error handler calls it, with whatever was thrown. */
export function auditRefusal(context: Context, request: FastifyRequest, error: unknown): void {
  if (error instanceof RegistryError) {
    context.meter?.counter("moorage_http_refusals_total", { reason: error.reason }).add();
    noteRefusal(context, request.principal, originOf(request), error);
  }
}
