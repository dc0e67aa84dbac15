import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Context } from "../../app/context.ts";
import type { UserPrincipal } from "../../domain/access.ts";

/** What the routes of every resource are made with. */
export interface RouteParts {
  readonly instance: FastifyInstance;
  readonly context: Context;
  /** Who sent this request; the scope's hook has let nobody else through. */
  readonly callerOf: (request: FastifyRequest) => UserPrincipal;
}
