import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import { hasBody } from "./wire/request-body.ts";

/** How often in a window bodies are looked at: one that is too slow is cut after a window and this part of it at the latest. */
const LOOKS_PER_WINDOW = 4;

interface Progress {
  since: number;
  bytesRead: number;
}

/**
 * Cuts connections whose request body brings fewer than `bytesMin` bytes in a window. A connection on which nothing moves at all is cut by the
 * server's idle time-out; this is for senders of a byte now and then, who would hold an upload for ever. A body that waits for us, not
 * for its sender, is never too slow.
 */
export function cutSlowBodies(
  app: FastifyInstance,
  windowMilliseconds: number,
  bytesMin: number,
): void {
  const bodies = new Map<IncomingMessage, Progress>();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const [request, progress] of bodies) {
      const { bytesRead } = request.socket;
      if (bytesRead - progress.bytesRead >= bytesMin || request.readableLength > 0) {
        bodies.set(request, { since: now, bytesRead });
      } else if (now - progress.since >= windowMilliseconds) {
        request.destroy();
      }
    }
  }, windowMilliseconds / LOOKS_PER_WINDOW).unref();
  app.addHook("onRequest", ({ raw }, _reply, done) => {
    if (hasBody(raw)) {
      bodies.set(raw, { since: performance.now(), bytesRead: raw.socket.bytesRead });
      raw.once("close", () => bodies.delete(raw));
    }
    done();
  });
  app.addHook("onClose", async () => clearInterval(timer));
}
