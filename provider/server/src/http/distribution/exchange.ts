import type { FastifyReply, FastifyRequest } from "fastify";
import type { Target } from "../../app/admit.ts";
import type { Context } from "../../app/context.ts";
import type { Principal } from "../../domain/access.ts";
import { bodyAfterLeave, isAwaited } from "../awaited-bodies.ts";
import { comingFrom } from "../request-origin.ts";
import { STRICT_TRANSPORT } from "../security-headers.ts";
import type { RegistryAddress } from "../wire/registry-address.ts";
import { endAnswer } from "./unread-body.ts";

/** One request on the distribution API, and the way to answer it. */
export interface Exchange {
  readonly context: Context;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly principal: Principal;
  readonly address: RegistryAddress;
  /** The repository's name as the client spells it: links must lead back to the same spelling. */
  readonly name: string;
  readonly target: Target;
  /** What the path names in the repository, as the client spells it: a tag, a digest, an upload's id; empty where it names nothing. */
  readonly reference: string;
  readonly query: URLSearchParams;
}

type Headers = Readonly<Record<string, string | number>>;

/** Every answer of this API carries these. */
const FIXED_HEADERS = {
  "Docker-Distribution-API-Version": "registry/2.0",
  "X-Content-Type-Options": "nosniff",
} as const;

const FIXED_HEADERS_BY_TLS = { ...FIXED_HEADERS, ...STRICT_TRANSPORT };

/** Answers past Fastify's serialization, which this API has no use for. */
export function answer(
  { reply }: Pick<Exchange, "reply">,
  status: number,
  headers: Headers,
  body?: Uint8Array | string,
): void {
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  openAnswer(
    { reply },
    status,
    // A 304 has the length of what it stands for or none (RFC 9110, section 8.6); it is never that of the empty body.
    status === 204 || status === 304 ? headers : { "Content-Length": length, ...headers },
  );
  endAnswer(reply.request.raw, reply.raw, body);
}

/** Sends the status and the headers; the body is the caller's. */
export function openAnswer(
  { reply }: Pick<Exchange, "reply">,
  status: number,
  headers: Headers,
): void {
  reply.hijack();
  const fixed = reply.server.isReachedByTls ? FIXED_HEADERS_BY_TLS : FIXED_HEADERS;
  reply.raw.writeHead(status, { ...fixed, ...headers });
}

/** Answers with a JSON document. */
export function answerJson(
  exchange: Pick<Exchange, "reply">,
  headers: Headers,
  document: unknown,
  contentType = "application/json",
): void {
  answer(exchange, 200, { "Content-Type": contentType, ...headers }, JSON.stringify(document));
}

/** A path of this API below the repository, in the client's spelling. */
export function pathOf({ name }: Pick<Exchange, "name">, rest: string): string {
  return `/v2/${name}/${rest}`;
}

/** Who asks, and from where: for requests that the audit log tells of. */
export function callerOf({
  principal,
  request,
}: Pick<Exchange, "principal" | "request">): Principal {
  return comingFrom(principal, request);
}

/** The body, chunk by chunk. Leaving it early keeps the connection, so that an answer can still be sent. */
export function bodyOf({ request }: Pick<Exchange, "request">): AsyncIterable<Uint8Array> {
  const chunks = request.raw.iterator({ destroyOnReturn: false });
  return isAwaited(request.raw) ? bodyAfterLeave(request.raw, chunks) : chunks;
}

/** What `Content-Length` says. */
export function announcedBytes({ request }: Pick<Exchange, "request">): number | undefined {
  const length = request.headers["content-length"];
  return length === undefined ? undefined : Number(length);
}

/** Whether the client has this version already (RFC 9110, "If-None-Match"). */
export function isUnchanged({ request }: Pick<Exchange, "request">, digest: string): boolean {
  const given = request.headers["if-none-match"]?.split(",") ?? [];
  return given.some((tag) => {
    const plain = tag.trim().replace(/^W\//, "").replaceAll('"', "");
    return plain === digest || plain === "*";
  });
}
