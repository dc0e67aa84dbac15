import type { Migration } from "./migration.ts";

/** Blobs whose bytes were found damaged. A table of its own, empty as a rule: asking it costs next to nothing. */
export const DAMAGE: Migration = {
  number: 9,
  name: "damage",
  statements: ({ integer, clustered }) => [
    `create table damaged_blobs (
      blob_key ${integer} not null primary key references blobs on delete cascade,
      noticed_at ${integer} not null
    ) ${clustered}`,
  ],
};
