import { z } from "zod";
import { known } from "./known-words.ts";
import { contentMetadata } from "./metadata.ts";
import { pageFilter, pageLimit, pageLinks, pageOffset, QUERY_SENTENCE } from "./pages.ts";
import { sentWhole } from "./sent-whole.ts";
import { timestamp } from "./timestamp.ts";
import { SEVERITIES } from "./vulnerability.ts";

/** Orders of a list of repositories (contract, section 1); a leading `-` means descending. */
export const REPOSITORY_ORDERS = [
  "lastPush",
  "-lastPush",
  "lastPull",
  "-lastPull",
  "artifactCount",
  "-artifactCount",
  "pullCount",
  "-pullCount",
  "pushCount",
  "-pushCount",
  "name",
] as const;
export type RepositoryOrder = (typeof REPOSITORY_ORDERS)[number];

/** Query of GET …/repositories (contract, section 1). */
export const repositoriesQuery = z
  .object(
    {
      offset: pageOffset,
      limit: pageLimit,
      "filter.name": pageFilter("filter.name"),
      "filter.vulnerabilitySeverity": pageFilter("filter.vulnerabilitySeverity"),
      orderBy: z
        .enum(REPOSITORY_ORDERS, `orderBy must be one of ${REPOSITORY_ORDERS.join(", ")}`)
        .default("-lastPush"),
    },
    QUERY_SENTENCE,
  )
  .transform((query) => ({
    offset: query.offset,
    limit: query.limit,
    nameFilter: query["filter.name"],
    severityFilter: query["filter.vulnerabilitySeverity"],
    orderBy: query.orderBy,
  }));
export type RepositoriesQuery = z.output<typeof repositoriesQuery>;

/** A repository in an answer (contract, section 2, "RepositoryRead"). */
export const repository = z.object({
  id: z.string(),
  type: known("repository"),
  href: z.string(),
  metadata: contentMetadata.extend({
    artifactCount: z.int(),
    pullCount: z.int(),
    pushCount: z.int(),
    lastPulledAt: timestamp.nullable().optional(),
    lastPushedAt: timestamp.nullable().optional(),
    /** Worst severity of the artifact that was pushed last. */
    lastSeverity: known(...SEVERITIES).optional(),
  }),
  properties: z.object({ name: z.string() }),
});
export type Repository = z.output<typeof repository>;

/** Answer of GET …/repositories. There is no total: `_links.next` stands only where more follow. */
export const repositoriesResponse = sentWhole(
  z.object({
    id: known("repositories"),
    type: known("collection"),
    href: z.string(),
    items: z.array(repository).nullable().optional(),
    offset: z.int(),
    limit: z.int(),
    _links: pageLinks,
  }),
);
export type RepositoriesResponse = z.output<typeof repositoriesResponse>;
