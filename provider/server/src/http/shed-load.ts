import type { FastifyInstance } from "fastify";
import type { Context } from "../app/context.ts";
import { RegistryError } from "../domain/errors.ts";
import { OVERLOAD_RETRY_AFTER_SECONDS } from "../domain/limits.ts";

/** Probes are answered however much else is going on: a busy process must not be taken for a dead one. */
const PROBES: ReadonlySet<string | undefined> = new Set(["/healthz", "/readyz"]);

/**
 * Answers what exceeds `requestsMax` requests at once with 503 and `Retry-After`, before anything is done for it: what is under way
 * then ends in time, and memory stays bounded. Clients of registries repeat such requests.
 */
export function shedLoad(
  app: FastifyInstance,
  requestsMax: number,
  meter?: Context["meter"],
): void {
  const shed = meter?.counter("moorage_http_requests_shed_total", {});
  let underWay = 0;
  const ended = () => {
    underWay--;
  };
  app.addHook("onRequest", (request, reply, done) => {
    if (underWay >= requestsMax && !PROBES.has(request.routeOptions.url)) {
      shed?.add();
      const retryAfterSeconds = OVERLOAD_RETRY_AFTER_SECONDS;
      done(new RegistryError("service-unavailable", { retryAfterSeconds }));
      return;
    }
    underWay++;
    reply.raw.on("close", ended);
    done();
  });
}
