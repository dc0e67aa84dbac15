import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Context } from "../app/context.ts";
import { routeOf } from "./request-route.ts";

type Tracer = NonNullable<Context["tracer"]>;
type Span = ReturnType<Tracer["begin"]>;

declare module "fastify" {
  interface FastifyRequest {
    /** Absent where nobody traces. */
    span: Span | undefined;
  }
}

/** W3C Trace Context Level 2: tells the client where its request is found. */
const RESPONSE_HEADER = "traceresponse";
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Puts a span around every request, below the one that its `traceparent` header names; without a tracer, nothing at all. */
export function traceRequests(app: FastifyInstance, tracer: Tracer | undefined): void {
  app.decorateRequest("span", undefined);
  if (tracer === undefined) {
    return;
  }
  app.addHook("onRequest", (request, reply, done) => {
    const span = begin(tracer, request, reply);
    request.span = span;
    span.around(done);
  });
  // What reading a body goes on with does not know of the span.
  app.addHook("preHandler", (request, _reply, done) => {
    request.span?.around(done);
  });
  app.addHook("onRoute", (route) => {
    if (!route.url.startsWith("/v2")) {
      const { handler } = route;
      const name = `use case ${String(route.method)} ${route.url}`;
      route.handler = function traced(request, reply) {
        return tracer.within(name, {}, () => handler.call(this, request, reply));
      };
    }
  });
}

function begin(tracer: Tracer, request: FastifyRequest, reply: FastifyReply): Span {
  const { traceparent, tracestate } = request.raw.headers;
  const span = tracer.begin(
    "request",
    "server",
    { "moorage.request.id": request.id, "url.scheme": request.protocol },
    { traceparent: textOf(traceparent), tracestate: textOf(tracestate) },
  );
  const { traceId, spanId, isSampled } = span.ids;
  reply.raw.setHeader(RESPONSE_HEADER, `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`);
  reply.raw.once("close", () => end(span, request, reply));
  return span;
}

function end(span: Span, request: FastifyRequest, reply: FastifyReply): void {
  const { api, route, method } = routeOf(request);
  const { statusCode, writableFinished } = reply.raw;
  span.rename(`${method} ${route}`);
  span.set({
    "http.request.method": method,
    "http.route": route,
    "moorage.api": api,
    "moorage.registry.id": registryIdOf(request),
  });
  if (!writableFinished) {
    span.set({ "error.type": "aborted" });
  } else {
    span.set({ "http.response.status_code": statusCode });
    if (statusCode >= 500) {
      span.fail(String(statusCode));
    }
  }
  span.end();
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" ? header : undefined;
}

/** Of a path of the management API, when it is one that could be. */
function registryIdOf({ params }: FastifyRequest): string | undefined {
  const id: unknown =
    typeof params === "object" && params !== null && "registryId" in params
      ? params.registryId
      : undefined;
  return typeof id === "string" && UUID.test(id) ? id : undefined;
}
