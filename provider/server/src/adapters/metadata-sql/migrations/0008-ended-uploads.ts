import type { ColumnTypes } from "../sql-database.ts";
import type { Migration } from "./migration.ts";

/**
 * Uploads that have ended, for as long as their ids would be good: an id proves by itself that it was given out, and an upload has a row only
 * while it holds bytes. In the order of time, so that new ones lie side by side, and old ones go together.
 */
export const ENDED_UPLOADS: Migration = {
  number: 8,
  name: "ended uploads",
  statements: ({ integer, text, clustered }: ColumnTypes) => [
    `create table ended_uploads (
      started_at ${integer} not null,
      id ${text} not null,
      primary key (started_at, id)
    ) ${clustered}`,
  ],
};
