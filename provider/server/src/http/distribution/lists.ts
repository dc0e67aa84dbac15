import { listCatalog, listSharedCatalog } from "../../app/list-catalog.ts";
import { listReferrers } from "../../app/list-referrers.ts";
import { listTags, type Page } from "../../app/list-tags.ts";
import { RegistryError } from "../../domain/errors.ts";
import { OCI_INDEX } from "../../domain/manifest.ts";
import { nextLink, parsePageQuery } from "../wire/page-query.ts";
import { answerJson, type Exchange, pathOf } from "./exchange.ts";

/** `GET /v2/<name>/tags/list` (distribution-spec 1.1, "Listing Tags"). */
export async function getTags(exchange: Exchange): Promise<void> {
  const { context, principal, target, name, query } = exchange;
  const request = parsePageQuery(query);
  const page = await listTags(context, principal, target, request);
  const headers = linkHeader(pathOf(exchange, "tags/list"), request.limit, page, (tag) => tag);
  answerJson(exchange, headers, { name, tags: page.entries });
}

/**
 * `GET /v2/_catalog`, and `GET /v2/<registry>/_catalog` on a shared host (Docker Registry HTTP API v2, "Listing Repositories").
 */
export async function getCatalog(exchange: Exchange): Promise<void> {
  const { context, principal, address, name, query } = exchange;
  const request = parsePageQuery(query);
  const registry = address.hostRegistry ?? name;
  if (name.includes("/") || (address.hostRegistry !== undefined && name !== "")) {
    throw new RegistryError("route-unknown", { method: "GET", path: `/v2/${name}/_catalog` });
  }
  const page =
    registry === ""
      ? await listSharedCatalog(context, principal, request)
      : await listCatalog(context, principal, registry, request);
  const path = name === "" ? "/v2/_catalog" : `/v2/${name}/_catalog`;
  const headers = linkHeader(path, request.limit, page, (entry) => entry);
  answerJson(exchange, headers, { repositories: page.entries });
}

/** `GET /v2/<name>/referrers/<digest>` (distribution-spec 1.1, "Listing Referrers"). */
export async function getReferrers(exchange: Exchange, reference: string): Promise<void> {
  const { context, principal, target, query } = exchange;
  const request = parsePageQuery(query);
  const artifactType = query.get("artifactType") ?? undefined;
  const page = await listReferrers(context, principal, target, reference, artifactType, request);
  const filter: [string, string] | undefined =
    artifactType === undefined ? undefined : ["artifactType", artifactType];
  const headers = {
    ...(filter && { "OCI-Filters-Applied": "artifactType" }),
    ...linkHeader(
      pathOf(exchange, `referrers/${reference}`),
      request.limit,
      page,
      ({ digest }) => digest,
      filter,
    ),
  };
  const document = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: page.entries };
  answerJson(exchange, headers, document, OCI_INDEX);
}

/** A page of nothing leads nowhere (distribution-spec 1.1: with `n=0` there is no `Link`). */
function linkHeader<Entry>(
  path: string,
  limit: number,
  page: Page<Entry>,
  keyOf: (entry: Entry) => string,
  more?: [string, string],
): Record<string, string> {
  const last = page.entries.at(-1);
  if (!page.hasMore || last === undefined) {
    return {};
  }
  return { Link: nextLink(path, limit, keyOf(last), more) };
}
