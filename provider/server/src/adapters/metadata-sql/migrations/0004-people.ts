import type { ColumnTypes } from "../sql-database.ts";
import type { Migration } from "./migration.ts";

/** People who are managed: who made and changed them, and a revision to compare. Those who are there already came with the first start. */
export const PEOPLE: Migration = {
  number: 4,
  name: "people",
  statements: ({ integer, text }: ColumnTypes) => [
    `alter table users add column created_by_id ${text} not null default 'operator'`,
    `alter table users add column created_by_name ${text} not null default 'operator'`,
    `alter table users add column modified_at ${integer}`,
    `alter table users add column modified_by_id ${text}`,
    `alter table users add column modified_by_name ${text}`,
    `alter table users add column revision ${integer} not null default 1`,
    "create index owners_of_organization on users (organization_key) where role = 'owner'",
    "create unique index organizations_by_name on organizations (name)",
  ],
};
