import { createHash } from "node:crypto";
import { openApiDocument } from "@moorage/core/contract/openapi/document";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isUnchanged } from "../wire/etag.ts";
import { CONTENT_SECURITY_POLICY, descriptionPage } from "./description-page.ts";
import type { RouteParts } from "./route-parts.ts";

/** Long enough for a page and what it links to; an upgrade shows within minutes. */
const CACHE_CONTROL = "public, max-age=300";

interface Cached {
  readonly type: string;
  readonly body: Buffer;
  readonly etag: string;
}

/** What the server says of itself: the API's description for programs and as a page, for everybody. */
export function descriptionRoutes({ instance }: RouteParts): void {
  const json = once(() => cached("application/json", JSON.stringify(openApiDocument())));
  const page = once(() => cached("text/html; charset=utf-8", descriptionPage(openApiDocument())));
  instance.get("/openapi.json", { config: { isOpen: true } }, async (request, reply) =>
    send(request, reply, json()),
  );
  const helmet = { contentSecurityPolicy: CONTENT_SECURITY_POLICY };
  instance.get("/docs", { config: { isOpen: true }, helmet }, async (request, reply) =>
    send(request, reply, page()),
  );
}

function send(request: FastifyRequest, reply: FastifyReply, { type, body, etag }: Cached) {
  reply.headers({ etag, "cache-control": CACHE_CONTROL });
  return isUnchanged(request.headers["if-none-match"], etag)
    ? reply.code(304).send()
    : reply.type(type).send(body);
}

function cached(type: string, text: string): Cached {
  const hash = createHash("sha256").update(text).digest("base64url");
  return { type, body: Buffer.from(text), etag: `"${hash.slice(0, 22)}"` };
}

/** It takes a moment, and most servers are never asked. */
function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
