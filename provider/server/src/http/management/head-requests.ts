import { Readable } from "node:stream";
import type { FastifyInstance, RouteOptions } from "fastify";

/**
 * Collects the routes for GET that a scope declares from now on. The function that it returns declares the same for HEAD, answered alike and
 * without a body (RFC 9110, section 9.3.2). Fastify would do so for a whole server alone, and content has HEAD routes of its own.
 */
export function collectReads(instance: FastifyInstance): () => void {
  const reads: (RouteOptions & { readonly routePath: string })[] = [];
  instance.addHook("onRoute", (route) => {
    if (route.method === "GET") {
      reads.push(route);
    }
  });
  return () => {
    for (const { routePath, handler, config = {}, helmet } of reads) {
      const page = helmet === undefined ? {} : { helmet };
      instance.head(routePath, { config, ...page, onSend: withoutStream, handler });
    }
  };
}

/** Node leaves out bodies by itself, but would read a stream to its end for that. */
async function withoutStream(_request: unknown, _reply: unknown, payload: unknown) {
  if (!(payload instanceof Readable)) {
    return payload;
  }
  payload.destroy();
  return null;
}
