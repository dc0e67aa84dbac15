import { randomUUID } from "node:crypto";
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import type { Context } from "../app/context.ts";
import { RegistryError } from "../domain/errors.ts";
import {
  KEEP_ALIVE_MILLISECONDS,
  REQUEST_BODY_BYTES_PER_WINDOW_MIN,
  REQUEST_HEADER_BYTES_MAX,
  REQUEST_IDLE_MILLISECONDS_MAX,
  REQUESTS_AT_ONCE_MAX,
} from "../domain/limits.ts";
import { authenticator } from "./authenticate.ts";
import { awaitReaders } from "./awaited-bodies.ts";
import { type ClientSideSettings, showClientSide } from "./client-side.ts";
import { allowOrigins } from "./cors.ts";
import { refuseCrossSite } from "./cross-site.ts";
import { distributionApi } from "./distribution/routes.ts";
import { managementApi } from "./management/routes.ts";
import { measureRequests } from "./measured-requests.ts";
import { opsApi } from "./ops/routes.ts";
import { keepToRegistry, type RegistryAtPort } from "./registry-port.ts";
import { collectRouteMethods } from "./route-methods.ts";
import { shedLoad } from "./shed-load.ts";
import { signInApi } from "./sign-in/routes.ts";
import { cutSlowBodies } from "./slow-bodies.ts";
import { type KeyPair, tlsServers } from "./tls.ts";
import { traceRequests } from "./traced-requests.ts";
import { refuseAmbiguous } from "./unambiguous-requests.ts";
import { answerUnreadable } from "./unreadable-requests.ts";
import { apiErrorAnswer } from "./wire/api-errors.ts";
import { ociAnswer } from "./wire/oci-errors.ts";
import { urlOf } from "./wire/request-url.ts";

export interface ServerOptions {
  /** Left out: no proxy is trusted. */
  readonly clientSide?: ClientSideSettings;
  /** Left out: plain HTTP. */
  readonly keyPair?: KeyPair;
  /** Origins whose pages may call; left out: none. */
  readonly corsOrigins?: readonly string[];
  /** Left out: registries have no ports of their own. */
  readonly registryAt?: RegistryAtPort | undefined;
  // Limits that a test cannot wait for, or reach.
  readonly idleMillisecondsMax?: number;
  readonly requestsAtOnceMax?: number;
}

/** The HTTP server: one scope for each API, each with its own bodies, hooks and form of errors. */
export function createServer(
  context: Context,
  {
    clientSide = { trustedProxies: [], isPublicUrlGuessed: false, ...context.settings },
    keyPair,
    corsOrigins = [],
    registryAt,
    idleMillisecondsMax = REQUEST_IDLE_MILLISECONDS_MAX,
    requestsAtOnceMax = REQUESTS_AT_ONCE_MAX,
  }: ServerOptions = {},
): FastifyInstance {
  const http = {
    maxHeaderSize: REQUEST_HEADER_BYTES_MAX,
    headersTimeout: idleMillisecondsMax,
    // A large blob may take hours; a connection on which nothing moves is cut.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    connectionsCheckingInterval: idleMillisecondsMax / 2,
  };
  const app = fastify({
    logger: false,
    genReqId: () => randomUUID(),
    requestTimeout: http.requestTimeout,
    keepAliveTimeout: http.keepAliveTimeout,
    connectionTimeout: idleMillisecondsMax,
    http,
    ...(keyPair && { serverFactory: tlsServers(keyPair, http, idleMillisecondsMax) }),
    routerOptions: { maxParamLength: 1024 },
    exposeHeadRoutes: false,
    forceCloseConnections: "idle",
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) => {
      measure?.(request, reply);
      answerUnroutable(error, request, reply);
    },
  });
  awaitReaders(app.server);
  app.decorateRequest("distributionKind", undefined);
  traceRequests(app, context.tracer);
  const measure = context.meter && measureRequests(app, context.meter);
  showClientSide(app, clientSide);
  refuseAmbiguous(app);
  app.decorateRequest("principal", undefined);
  keepToRegistry(app, clientSide.publicUrl, registryAt);
  logRequests(app, context);
  cutSlowBodies(app, idleMillisecondsMax, REQUEST_BODY_BYTES_PER_WINDOW_MIN);
  shedLoad(app, requestsAtOnceMax, context.meter);
  app.decorate("isReachedByTls", clientSide.publicUrl.startsWith("https:"));
  allowOrigins(app, corsOrigins);
  refuseCrossSite(app, corsOrigins);
  const authenticate = authenticator(context);
  const methodsAt = collectRouteMethods(app);
  app.register(distributionApi(context, authenticate));
  app.register(signInApi(context));
  app.register(opsApi(context));
  app.register(managementApi(context, authenticate, methodsAt), { prefix: "/containerregistries" });
  app.register(managementApi(context, authenticate, methodsAt));
  return app;
}

/** A line in the log for each answer. */
function logRequests(app: FastifyInstance, { events }: Context): void {
  app.addHook("onResponse", (request, reply, done) => {
    events.info("request", {
      requestId: request.id,
      method: request.method,
      path: urlOf(request).path,
      status: reply.raw.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      remote: request.ip,
      traceId: request.span?.ids.traceId,
      spanId: request.span?.ids.spanId,
    });
    done();
  });
}

/** A path whose percent-encoding is malformed reaches no route, and so no scope: it is answered here in the form of its API. */
function answerUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { path } = urlOf(request);
  const refusal = new RegistryError("path-invalid", { path }, { cause: error });
  const { status, body } =
    path === "/v2" || path.startsWith("/v2/")
      ? ociAnswer(refusal)
      : apiErrorAnswer(refusal, request.id);
  reply.code(status).type("application/json").send(body);
}
