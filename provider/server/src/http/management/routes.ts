import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from "fastify";
import { expectUser } from "../../app/authorize.ts";
import type { Context } from "../../app/context.ts";
import type { Principal, UserPrincipal } from "../../domain/access.ts";
import { RegistryError } from "../../domain/errors.ts";
import { MANAGEMENT_BODY_BYTES_MAX } from "../../domain/limits.ts";
import { apiErrorAnswer } from "../wire/api-errors.ts";
import { Hrefs } from "./hrefs.ts";
import { lookupRoutes } from "./lookups.ts";
import { registryRoutes } from "./registries.ts";
import type { RouteParts } from "./route-parts.ts";
import { scopeRoutes } from "./scopes.ts";
import { tokenRoutes } from "./tokens.ts";

/**
 * The management API, for a scope of its own: its hook settles who calls before a body is read, its parser takes JSON alone, and its
 * handlers answer every error, an unknown path included, in the contract's format.
 */
export function managementApi(
  context: Context,
  authenticate: (request: FastifyRequest) => Promise<Principal>,
): FastifyPluginAsync {
  return async (instance) => {
    const callers = new WeakMap<FastifyRequest, UserPrincipal>();
    instance.addHook("onRequest", async (request) => {
      if (!request.is404) {
        callers.set(request, expectUser(await authenticate(request)));
      }
    });
    parseOnlyJson(instance);
    answerErrors(instance, context);

    const parts: RouteParts = {
      instance,
      context,
      hrefs: new Hrefs(context.settings),
      callerOf: (request) => {
        const caller = callers.get(request);
        if (caller === undefined) {
          throw new Error("a route was reached without authentication");
        }
        return caller;
      },
    };
    lookupRoutes(parts);
    registryRoutes(parts);
    tokenRoutes(parts);
    scopeRoutes(parts);
  };
}

/**
 * Reads JSON, refusing members that would reach an object's prototype. An empty body is no body: clients declare a content type on
 * requests that have none.
 */
function parseOnlyJson(instance: FastifyInstance): void {
  const parse = instance.getDefaultJsonParser("error", "error");
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser(
    "application/json",
    { parseAs: "string", bodyLimit: MANAGEMENT_BODY_BYTES_MAX },
    (request, text, done) => {
      if (text.length === 0) {
        done(null, undefined);
        return;
      }
      void parse(request, text.toString(), (error, body) => {
        const problem = error?.message ?? "";
        done(error ? new RegistryError("body-invalid", { problem }, { cause: error }) : null, body);
      });
    },
  );
}

function answerErrors(instance: FastifyInstance, context: Pick<Context, "events">): void {
  instance.setErrorHandler(async (error, request, reply) => {
    const { status, headers, body, isFault } = apiErrorAnswer(error, request.id);
    if (isFault) {
      context.events.error("management.failed", error, { requestId: request.id });
    }
    return reply.code(status).headers(headers).send(body);
  });
  instance.setNotFoundHandler(async (request) => {
    const [path = ""] = request.url.split("?", 1);
    throw new RegistryError("route-unknown", { method: request.method, path });
  });
}
