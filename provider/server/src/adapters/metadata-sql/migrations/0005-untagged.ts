import type { Migration } from "./migration.ts";

/** Removing untagged manifests: when one was last promised, which indexes list it, and how many a run has removed. */
export const UNTAGGED: Migration = {
  number: 5,
  name: "untagged",
  statements: ({ integer }) => [
    `alter table manifest_usage add column promised_at ${integer} not null default 0`,
    `alter table collection_runs add column manifests ${integer} not null default 0`,
    "create index manifest_references_to_manifest on manifest_references (digest) where blob_key is null",
  ],
};
