import type { FastifyRequest } from "fastify";

/** Whether a request failed because its client went away in the middle: nobody is left to answer, and nothing is wrong with the server. */
export function hasHungUp(request: FastifyRequest, error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return request.raw.destroyed || code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE";
}
