import type { FastifyRequest } from "fastify";

/** A request's path and query, as the client sent them: nothing is decoded yet. */
export interface RequestUrl {
  readonly path: string;
  readonly query: string;
}

export function urlOf({ raw }: Pick<FastifyRequest, "raw">): RequestUrl {
  const url = raw.url ?? "";
  const mark = url.indexOf("?");
  return mark < 0
    ? { path: url, query: "" }
    : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}
