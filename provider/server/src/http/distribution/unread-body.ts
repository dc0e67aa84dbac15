import type { IncomingMessage, ServerResponse } from "node:http";
import { UNREAD_BODY_BYTES_MAX } from "../../domain/limits.ts";
import { isAwaited } from "../awaited-bodies.ts";
import { hasBody } from "../wire/request-body.ts";

/** Beyond, copying the body costs more than a second system call. */
const ONE_WRITE_BYTES_MAX = 16 * 1024;

/**
 * Ends an answer. Where the client is still sending, the answer is on its way at once, but it ends only after the rest of the body was taken and
 * thrown away: a connection that is closed with bytes unread is reset, which may cost the client the answer; one that is kept would
 * wait for ever for the next request behind them. Whoever sends on and on is cut.
 */
export function endAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  body: Uint8Array | string | undefined,
): void {
  if (request.complete || !hasBody(request) || isAwaited(request)) {
    endAtOnce(response, body);
    return;
  }
  response.flushHeaders();
  if (body !== undefined) {
    response.write(body);
  }
  discard(request).then(
    () => response.end(),
    // The client is gone.
    () => response.destroy(),
  );
}

/**
 * Headers and a body that are both text leave in one write; with bytes they would need a gathering one, which costs the kernel more. As
 * Latin-1 every byte is a character.
 */
function endAtOnce(response: ServerResponse, body: Uint8Array | string | undefined): void {
  if (body instanceof Uint8Array && body.byteLength <= ONE_WRITE_BYTES_MAX) {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    response.end(bytes.toString("latin1"), "latin1");
  } else {
    response.end(body);
  }
}

async function discard(request: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.byteLength;
    if (bytes > UNREAD_BODY_BYTES_MAX) {
      request.destroy();
    }
  }
}
