import type { AtOnce } from "../../domain/at-once.ts";
import type { DistributionPath } from "../wire/distribution-path.ts";
import type { Exchange } from "./exchange.ts";

/** Handles an exchange with a span around its use case, and tells the request's span of which registry it is. */
export function traceExchange(
  exchange: Exchange,
  kind: DistributionPath["kind"],
  handle: (exchange: Exchange) => AtOnce<void>,
): AtOnce<void> {
  const { context, request, target } = exchange;
  const { tracer } = context;
  if (tracer === undefined) {
    return handle(exchange);
  }
  request.span?.set({
    "moorage.registry": target.registry,
    "moorage.repository": target.repository,
  });
  const name = `use case ${USE_CASES[kind][request.method] ?? kind}`;
  return tracer.within(name, {}, () => handle(exchange));
}

const USE_CASES: Readonly<
  Record<DistributionPath["kind"], Readonly<Record<string, string | undefined>>>
> = {
  version: { GET: "check-version", HEAD: "check-version" },
  catalog: { GET: "list-catalog" },
  tags: { GET: "list-tags" },
  referrers: { GET: "list-referrers" },
  manifest: {
    GET: "pull-manifest",
    HEAD: "pull-manifest",
    PUT: "push-manifest",
    DELETE: "delete-manifest",
  },
  blob: { GET: "pull-blob", HEAD: "pull-blob", DELETE: "delete-blob" },
  uploads: { POST: "start-upload" },
  upload: {
    GET: "find-upload",
    PATCH: "append-upload",
    PUT: "finish-upload",
    DELETE: "cancel-upload",
  },
};
