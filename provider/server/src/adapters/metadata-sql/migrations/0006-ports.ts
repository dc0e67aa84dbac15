import type { Migration } from "./migration.ts";

/** A port for each registry, where the server is told to give them some. */
export const PORTS: Migration = {
  number: 6,
  name: "ports",
  statements: ({ integer }) => [
    `alter table registries add column port ${integer} check (port between 1 and 65535)`,
    "create unique index registries_by_port on registries (port) where port is not null",
  ],
};
