import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { request as secureRequest } from "node:https";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Asking {
  readonly headers?: OutgoingHttpHeaders;
  /** Bytes are announced by `Content-Length`; a stream of them is not. */
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array>;
}

/**
 * Sends one request on a connection of its own, with the path exactly as given: unlike `fetch`, this neither tidies the path nor
 * guards the `Host` header. An answer that comes before the whole body was taken counts.
 */
export function send(
  url: string,
  method: string,
  path: string,
  { headers = {}, body }: Asking = {},
): Promise<Answer> {
  const { hostname, port, protocol } = new URL(url);
  const isWhole = typeof body === "string" || body instanceof Uint8Array;
  const length = isWhole ? { "content-length": Buffer.byteLength(body) } : {};
  return new Promise((resolve, reject) => {
    const outgoing = (protocol === "https:" ? secureRequest : request)({
      hostname,
      port,
      method,
      path,
      headers: { ...length, ...headers },
      agent: false,
      joinDuplicateHeaders: true,
    });
    let isAnswered = false;
    outgoing.on("response", (incoming) => {
      isAnswered = true;
      buffer(incoming).then(
        (bytes) =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: bytes }),
        reject,
      );
    });
    outgoing.on("error", (error) => {
      if (!isAnswered) {
        reject(error);
      }
    });
    if (body === undefined || isWhole) {
      outgoing.end(body);
    } else {
      pipeline(body, outgoing).catch((error: Error) => outgoing.destroy(error));
    }
  });
}

/** The answer's body, parsed. */
export function jsonOf(answer: Answer): unknown {
  return JSON.parse(answer.body.toString("utf8"));
}
