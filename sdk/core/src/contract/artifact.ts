import { z } from "zod";
import { known } from "./known-words.ts";
import { contentMetadata } from "./metadata.ts";
import {
  pageFilter,
  pageLimit,
  pageLinks,
  pageOffset,
  pageOrder,
  QUERY_SENTENCE,
} from "./pages.ts";
import { sentWhole } from "./sent-whole.ts";
import { timestamp } from "./timestamp.ts";
import { SEVERITIES } from "./vulnerability.ts";

const REGISTRY_ORDERS = [
  "pullCount",
  "pushCount",
  "lastPush",
  "lastPull",
  "lastScan",
  "vulnTotalCount",
  "vulnFixableCount",
] as const;
const REPOSITORY_ORDERS = [...REGISTRY_ORDERS, "vulnMaxSeverity", "vulnTotalScore"] as const;

/** Query of GET /registries/{id}/artifacts (contract, section 1). */
export const registryArtifactsQuery = z
  .object(
    {
      offset: pageOffset,
      limit: pageLimit,
      "filter.vulnerabilityId": pageFilter("filter.vulnerabilityId"),
      orderBy: pageOrder(REGISTRY_ORDERS).default("-pullCount"),
    },
    QUERY_SENTENCE,
  )
  .transform((query) => ({
    offset: query.offset,
    limit: query.limit,
    vulnerabilityFilter: query["filter.vulnerabilityId"],
    orderBy: query.orderBy,
  }));
export type RegistryArtifactsQuery = z.output<typeof registryArtifactsQuery>;

/** Query of GET …/repositories/{name}/artifacts (contract, section 1). */
export const repositoryArtifactsQuery = z.object(
  {
    offset: pageOffset,
    limit: pageLimit,
    orderBy: pageOrder(REPOSITORY_ORDERS).default("-lastPush"),
  },
  QUERY_SENTENCE,
);
export type RepositoryArtifactsQuery = z.output<typeof repositoryArtifactsQuery>;

/** An artifact in an answer (contract, section 2, "ArtifactRead"); its id is its digest. */
export const artifact = z.object({
  id: z.string(),
  type: known("artifact"),
  href: z.string(),
  metadata: contentMetadata.extend({
    lastPushedAt: timestamp,
    lastPulledAt: timestamp.nullable().optional(),
    lastScannedAt: timestamp.nullable().optional(),
    pushCount: z.int(),
    pullCount: z.int(),
    vulnMaxSeverity: known(...SEVERITIES).optional(),
    vulnTotalScore: z.number().optional(),
    vulnTotalCount: z.int().optional(),
    vulnFixableCount: z.int().optional(),
  }),
  properties: sentWhole(
    z.object({
      repositoryName: z.string(),
      digest: z.string(),
      tags: z.array(z.string()).nullable().optional(),
      mediaType: z.string(),
    }),
  ),
});
export type Artifact = z.output<typeof artifact>;

/** Answer of both lists of artifacts. */
export const artifactsResponse = sentWhole(
  z.object({
    id: known("artifacts"),
    type: known("collection"),
    href: z.string(),
    items: z.array(artifact).nullable().optional(),
    offset: z.int(),
    limit: z.int(),
    _links: pageLinks,
  }),
);
export type ArtifactsResponse = z.output<typeof artifactsResponse>;
