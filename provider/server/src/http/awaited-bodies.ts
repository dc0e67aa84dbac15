import type { IncomingMessage, Server, ServerResponse } from "node:http";

/*
 * `Expect: 100-continue` (RFC 9110, section 10.1.1): the client asks before it sends a body. Node.js by itself tells it to go ahead at once, so
 * that a blob of gigabytes would come only to be refused. On the distribution API it is told when somebody reads the body, after all that can
 * be refused without it. If nobody does, Node.js ends the connection with the answer: a client that has not waited may be sending already, and
 * what it sends is no request.
 */

const AWAITED_PATHS = "/v2/";

const awaited = new WeakMap<IncomingMessage, () => void>();

/** Lets clients of this server wait until their bodies are read. */
export function awaitReaders(server: Server): void {
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith(AWAITED_PATHS)) {
      awaited.set(request, () => response.writeContinue());
    } else {
      response.writeContinue();
    }
    server.emit("request", request, response);
  });
}

/** Whether the client waits for leave to send its body. */
export function isAwaited(request: IncomingMessage): boolean {
  return awaited.has(request);
}

/** The body, which the client is told to send, if it waits for that, when the first part is asked for. */
export async function* bodyAfterLeave(
  request: IncomingMessage,
  chunks: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  const giveLeave = awaited.get(request);
  awaited.delete(request);
  giveLeave?.();
  yield* chunks;
}
