import { MANIFEST_MEDIA_TYPES } from "../../domain/manifest.ts";
import type { RepositorySummary, TagSummary } from "../../ports/content-browser.ts";
import { stored } from "./stored-values.ts";
import type { RepositoriesTable } from "./tables.ts";

/** What a `RepositorySummary` is made of. */
export const REPOSITORY_COLUMNS = [
  "repositories.name",
  "repositories.manifest_count",
  "repositories.created_at",
  "repositories.last_push_at",
  "repositories.last_pull_at",
  "repositories.pull_count",
  "repositories.push_count",
] as const;

type RepositoryRow = Omit<
  RepositoriesTable,
  "key" | "registry_key" | "pull_count" | "push_count"
> & { readonly pull_count: number; readonly push_count: number };

export function toRepositorySummary(row: RepositoryRow): RepositorySummary {
  return {
    name: stored.repositoryName(row.name),
    artifactCount: row.manifest_count,
    createdAt: row.created_at,
    pushCount: row.push_count,
    pullCount: row.pull_count,
    lastPushedAt: row.last_push_at ?? undefined,
    lastPulledAt: row.last_pull_at ?? undefined,
  };
}

interface TagRow {
  readonly name: string;
  readonly updated_at: number;
  readonly digest: string;
  readonly media_type: string;
  readonly last_pull_at: number | null;
}

export function toTagSummary(row: TagRow, bytes: number): TagSummary {
  return {
    tag: stored.tag(row.name),
    digest: stored.digest(row.digest),
    mediaType: stored.oneOf(MANIFEST_MEDIA_TYPES, row.media_type),
    bytes,
    pushedAt: row.updated_at,
    pulledAt: row.last_pull_at ?? undefined,
  };
}
