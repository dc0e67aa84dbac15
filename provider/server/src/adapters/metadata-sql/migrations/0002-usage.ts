import type { ColumnTypes } from "../sql-database.ts";
import type { Migration } from "./migration.ts";

/**
 * How often what was pushed and pulled. A manifest's counts lie in a table of their own, with no sealed bytes to rewrite at every count, and
 * with the keys of repository and registry, so that an index can lead through a list in its order. Every manifest has a row.
 */
export const USAGE: Migration = {
  number: 2,
  name: "usage",
  statements: ({ integer, heap }: ColumnTypes) => [
    `alter table repositories add column push_count ${integer} not null default 0`,
    // What was not counted before was pushed once.
    "update repositories set push_count = manifest_count",
    `create index repositories_by_push on repositories (registry_key, last_push_at, name)
      where manifest_count > 0`,
    `create table manifest_usage (
      manifest_key ${integer} not null primary key references manifests on delete cascade,
      registry_key ${integer} not null,
      repository_key ${integer} not null,
      push_count ${integer} not null,
      pull_count ${integer} not null,
      last_push_at ${integer} not null,
      last_pull_at ${integer}
    ) ${heap}`,
    `insert into manifest_usage
      select manifests.key, repositories.registry_key, repositories.key, 1, 0, manifests.created_at, null
      from manifests join repositories on repositories.key = manifests.repository_key`,
    "create index manifests_by_pulls on manifest_usage (registry_key, pull_count, manifest_key)",
    "create index manifests_by_push on manifest_usage (repository_key, last_push_at, manifest_key)",
  ],
};
