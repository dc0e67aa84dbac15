import type { ColumnTypes } from "../sql-database.ts";
import type { Migration } from "./migration.ts";

/** From when on the audit log is kept: what is older may be removed, and nothing else. One row. */
export const AUDIT_RETENTION: Migration = {
  number: 11,
  name: "audit-retention",
  statements: ({ integer, heap, removableIf }: ColumnTypes) => [
    `create table audit_retention (
      one ${integer} not null primary key check (one = 1),
      kept_from ${integer} not null
    ) ${heap}`,
    "insert into audit_retention (one, kept_from) values (1, 0)",
    ...removableIf("audit_events", "at", "(select kept_from from audit_retention)"),
  ],
};
