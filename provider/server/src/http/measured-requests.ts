import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Context } from "../app/context.ts";
import { routeOf } from "./request-route.ts";

type Meter = NonNullable<Context["meter"]>;

/** One path of an API, with one method. */
interface RouteSeries {
  readonly duration: ReturnType<Meter["histogram"]>;
  readonly received: ReturnType<Meter["counter"]>;
  readonly sent: ReturnType<Meter["counter"]>;
  readonly byStatus: Map<number, ReturnType<Meter["counter"]>>;
}

/** What a connection has moved for the requests before. */
interface Moved {
  read: number;
  written: number;
}

/** Where the client was gone before its answer was written, there is no status. */
const ABORTED = 0;

/**
 * Counts every request when it has ended, however it ended: what it was, how long it took, what it moved. Returns the same for one that
 * reaches no hooks.
 */
export function measureRequests(
  app: FastifyInstance,
  meter: Meter,
): (request: FastifyRequest, reply: FastifyReply) => void {
  const series = new Map<string, Map<string, RouteSeries>>();
  const moved = new WeakMap<Socket, Moved>();
  const inFlight = meter.gauge("moorage_http_requests_in_flight", {});
  const begin = (request: FastifyRequest, reply: FastifyReply) => {
    const start = performance.now();
    const { socket } = request.raw;
    inFlight.add(1);
    reply.raw.once("close", () => {
      inFlight.add(-1);
      const { api, route, method } = routeOf(request);
      const byMethod = series.get(route) ?? new Map<string, RouteSeries>();
      let known = byMethod.get(method);
      if (known === undefined) {
        known = begunSeries(meter, { api, route, method });
        series.set(route, byMethod.set(method, known));
      }
      known.duration.observe((performance.now() - start) / 1000);
      statusCounter(meter, known, { api, route, method }, reply.raw).add();
      countBytes(known, moved, socket);
    });
  };
  app.addHook("onRequest", (request, reply, done) => {
    begin(request, reply);
    done();
  });
  return begin;
}

type Labels = ReturnType<typeof routeOf>;

function begunSeries(meter: Meter, labels: Labels): RouteSeries {
  const { api, route } = labels;
  return {
    duration: meter.histogram("moorage_http_request_duration_seconds", labels),
    received: meter.counter("moorage_http_received_bytes_total", { api, route }),
    sent: meter.counter("moorage_http_sent_bytes_total", { api, route }),
    byStatus: new Map(),
  };
}

function statusCounter(
  meter: Meter,
  { byStatus }: RouteSeries,
  labels: Labels,
  { statusCode, writableFinished }: ServerResponse,
): ReturnType<Meter["counter"]> {
  const status = writableFinished ? statusCode : ABORTED;
  let counter = byStatus.get(status);
  if (counter === undefined) {
    const name = status === ABORTED ? "aborted" : String(status);
    counter = meter.counter("moorage_http_requests_total", { ...labels, status: name });
    byStatus.set(status, counter);
  }
  return counter;
}

function countBytes(
  { received, sent }: RouteSeries,
  moved: WeakMap<Socket, Moved>,
  socket: Socket,
): void {
  let before = moved.get(socket);
  if (before === undefined) {
    before = { read: 0, written: 0 };
    moved.set(socket, before);
  }
  const { bytesRead, bytesWritten } = socket;
  received.add(Math.max(bytesRead - before.read, 0));
  sent.add(Math.max(bytesWritten - before.written, 0));
  before.read = bytesRead;
  before.written = bytesWritten;
}
