import type { ColumnTypes } from "../sql-database.ts";
import type { Migration } from "./migration.ts";

/** Collecting garbage: when it is due, what is marked, and what was done. */
export const GARBAGE: Migration = {
  number: 3,
  name: "garbage",
  statements: (types) => [...schedules(types), ...marks(types), ...runs(types)],
};

function schedules({ integer }: ColumnTypes): string[] {
  return [
    `alter table registries add column read_only_until ${integer}`,
    `alter table registries add column next_collection_at ${integer}`,
    // Overdue: the first look at such a registry finds out when its schedule starts next.
    "update registries set next_collection_at = 0 where schedule is not null",
    `create index registries_by_collection on registries (next_collection_at)
      where next_collection_at is not null`,
  ];
}

function marks({ integer, clustered }: ColumnTypes): string[] {
  return [
    // Blobs in the order of their last use: the walk of the collector leaves out what is too fresh, and never sees another registry's.
    "create index blobs_by_use on blobs (registry_key, touched_at, key)",
    `create table marked_blobs (
      blob_key ${integer} not null primary key references blobs on delete cascade,
      registry_key ${integer} not null references registries on delete cascade,
      size ${integer} not null
    ) ${clustered}`,
    "create index marked_blobs_of_registry on marked_blobs (registry_key, blob_key)",
  ];
}

function runs({ key, integer, text, heap }: ColumnTypes): string[] {
  return [
    `create table collection_runs (
      key ${key},
      registry_key ${integer} not null references registries on delete cascade,
      id ${text} not null unique,
      trigger_kind ${text} not null,
      is_dry_run ${integer} not null check (is_dry_run in (0, 1)),
      phase ${text} not null,
      started_at ${integer} not null,
      finished_at ${integer},
      read_only_milliseconds ${integer},
      blobs ${integer} not null check (blobs >= 0),
      bytes ${integer} not null check (bytes >= 0)
    ) ${heap}`,
    "create index collection_runs_of_registry on collection_runs (registry_key, key)",
    "create index collection_runs_under_way on collection_runs (key) where finished_at is null",
  ];
}
