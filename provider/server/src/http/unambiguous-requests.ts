import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import { RegistryError } from "../domain/errors.ts";

/**
 * Refuses requests that a proxy in front may have read as other ones: it has let one pass, and this server would serve another. What cannot be
 * parsed in one way only (two lengths, bare line feeds, folded lines) Node.js refuses by itself; this is what it takes. The connection ends with
 * the answer, since nobody knows where the next request would begin.
 */
export function refuseAmbiguous(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    const problem = ambiguityOf(request.raw);
    if (problem === undefined) {
      done();
      return;
    }
    reply.raw.shouldKeepAlive = false;
    done(new RegistryError("request-ambiguous", { problem }));
  });
}

const SLASH = "/".charCodeAt(0);

function ambiguityOf({ url = "", headers, rawHeaders }: IncomingMessage): string | undefined {
  if (url.charCodeAt(0) !== SLASH) {
    return "its target must be a path, without scheme and host";
  }
  const coding = headers["transfer-encoding"];
  if (coding !== undefined && coding.toLowerCase() !== "chunked") {
    return "of transfer codings only chunked is taken";
  }
  return repeatedHeader(rawHeaders);
}

/** Node.js goes by the first of these and drops the others without a word. */
function repeatedHeader(rawHeaders: readonly string[]): string | undefined {
  let hosts = 0;
  let authorizations = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.length === "host".length && name.toLowerCase() === "host") {
      hosts++;
    } else if (name.length === "authorization".length && name.toLowerCase() === "authorization") {
      authorizations++;
    }
  }
  if (hosts > 1) {
    return "it must have one header Host";
  }
  return authorizations > 1 ? "it must have one header Authorization at most" : undefined;
}
