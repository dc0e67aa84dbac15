import type { FastifyInstance, FastifyRequest } from "fastify";
import { RegistryError } from "../domain/errors.ts";

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses changes that a page of another origin asks for, unless it is let in. A form, or a request without a body, needs no leave of CORS to be sent,
 * and a browser that was once asked for a password adds it by itself. Browsers say where such requests come from; programs send no
 * `Origin`, and are not concerned.
 */
export function refuseCrossSite(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.includes("*")) {
    return;
  }
  const letIn = new Set(origins);
  app.addHook("onRequest", (request, _reply, done) => {
    const { origin } = request.headers;
    if (origin === undefined || READING.has(request.method)) {
      done();
      return;
    }
    const isFine = letIn.has(origin) || isOwn(origin, request);
    done(isFine ? undefined : new RegistryError("origin-refused", { origin }));
  });
}

function isOwn(origin: string, { host, publicUrl }: FastifyRequest): boolean {
  return URL.parse(origin)?.host === host.toLowerCase() || origin === publicUrl;
}
