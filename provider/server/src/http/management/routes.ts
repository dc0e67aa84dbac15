import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from "fastify";
import { countVisit } from "../../app/admit.ts";
import { expectUser } from "../../app/authorize.ts";
import type { Context } from "../../app/context.ts";
import type { Principal, UserPrincipal } from "../../domain/access.ts";
import type { AtOnce } from "../../domain/at-once.ts";
import { RegistryError } from "../../domain/errors.ts";
import { auditRefusal } from "../audited-refusals.ts";
import { comingFrom } from "../request-origin.ts";
import type { MethodsAt } from "../route-methods.ts";
import { protectBrowsers } from "../security-headers.ts";
import { apiErrorAnswer } from "../wire/api-errors.ts";
import { hasHungUp } from "../wire/hang-up.ts";
import { urlOf } from "../wire/request-url.ts";
import { artifactRoutes } from "./artifacts.ts";
import { auditRoutes } from "./audit-events.ts";
import { browsingRoutes } from "./browsing.ts";
import { collectionRoutes } from "./collections.ts";
import { descriptionRoutes } from "./description.ts";
import { collectReads } from "./head-requests.ts";
import { Hrefs } from "./hrefs.ts";
import { parseOnlyJson } from "./json-body.ts";
import { lookupRoutes } from "./lookups.ts";
import { registryRoutes } from "./registries.ts";
import { repositoryRoutes } from "./repositories.ts";
import type { RouteParts } from "./route-parts.ts";
import { scopeRoutes } from "./scopes.ts";
import { tokenRoutes } from "./tokens.ts";
import { userRoutes } from "./users.ts";

/**
 * The management API, for a scope of its own: its hook settles who calls before a body is read, its parser takes JSON alone, and its
 * handlers answer every error, an unknown path included, in the contract's format.
 */
export function managementApi(
  context: Context,
  authenticate: (request: FastifyRequest) => AtOnce<Principal>,
  methodsAt: MethodsAt,
): FastifyPluginAsync {
  return async (instance) => {
    await protectBrowsers(instance);
    const callers = new WeakMap<FastifyRequest, UserPrincipal>();
    instance.addHook("onRequest", async (request) => {
      if (!request.is404) {
        const principal = await authenticate(request);
        countVisit(principal);
        if (!request.routeOptions.config.isOpen) {
          callers.set(request, comingFrom(expectUser(principal), request));
        }
      }
    });
    parseOnlyJson(instance);
    answerErrors(instance, context);
    answerUnrouted(instance, methodsAt);

    instance.decorateRequest("hrefs", {
      getter() {
        return new Hrefs(this);
      },
    });
    const parts: RouteParts = {
      instance,
      context,
      callerOf: (request) => {
        const caller = callers.get(request);
        if (caller === undefined) {
          throw new Error("a route was reached without authentication");
        }
        return caller;
      },
    };
    const answerHead = collectReads(instance);
    descriptionRoutes(parts);
    lookupRoutes(parts);
    registryRoutes(parts);
    tokenRoutes(parts);
    scopeRoutes(parts);
    repositoryRoutes(parts);
    artifactRoutes(parts);
    browsingRoutes(parts);
    collectionRoutes(parts);
    userRoutes(parts);
    auditRoutes(parts);
    answerHead();
  };
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether nobody's credentials are needed. */
    readonly isOpen?: true;
  }
  interface FastifyRequest {
    /** Where resources are for this client. */
    readonly hrefs: Hrefs;
  }
}

function answerErrors(instance: FastifyInstance, context: Context): void {
  instance.setErrorHandler(async (error, request, reply) => {
    auditRefusal(context, request, error);
    const { status, headers, body, isFault } = apiErrorAnswer(error, request.id);
    if (isFault && !hasHungUp(request, error)) {
      context.events.error("request-failed", error, { requestId: request.id });
    }
    return reply.code(status).headers(headers).send(body);
  });
}

function answerUnrouted(instance: FastifyInstance, methodsAt: MethodsAt): void {
  instance.setNotFoundHandler(async (request, reply) => {
    const { method } = request;
    const { path } = urlOf(request);
    const methods = methodsAt(path);
    if (methods.length === 0) {
      throw new RegistryError("route-unknown", { method, path });
    }
    reply.header("allow", methods.join(", "));
    throw new RegistryError("method-unsupported", { method, path });
  });
}
