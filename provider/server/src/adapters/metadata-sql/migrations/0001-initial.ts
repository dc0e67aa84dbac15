import type { ColumnTypes } from "../sql-database.ts";
import type { Migration } from "./migration.ts";

/**
 * Every foreign key has an index that starts with it, since deleting a row looks for the rows that refer to it. Sealed bytes stand last
 * in their rows, so that what stands before them is read without them.
 */
export const INITIAL: Migration = {
  number: 1,
  name: "initial",
  statements: (types) => [
    ...people(types),
    ...registries(types),
    ...tokens(types),
    ...content(types),
    ...manifests(types),
    ...uploads(types),
    ...instance(types),
  ],
};

function people({ key, integer, text, heap }: ColumnTypes): string[] {
  return [
    `create table organizations (
      key ${key},
      id ${text} not null unique,
      name ${text} not null,
      contract_number ${integer} not null unique
    ) ${heap}`,
    `create table users (
      key ${key},
      organization_key ${integer} not null references organizations on delete cascade,
      id ${text} not null unique,
      email ${text} not null,
      email_folded ${text} not null unique,
      display_name ${text},
      role ${text} not null,
      password_hash ${text},
      created_at ${integer} not null
    ) ${heap}`,
    "create index users_of_organization on users (organization_key, email_folded)",
  ];
}

function registries({ key, integer, text, bytes, heap }: ColumnTypes): string[] {
  return [
    `create table registries (
      key ${key},
      organization_key ${integer} not null references organizations on delete cascade,
      id ${text} not null unique,
      name ${text} not null unique,
      location ${text} not null,
      visibility ${text} not null,
      state ${text} not null,
      schedule ${text},
      is_scanned ${integer} not null check (is_scanned in (0, 1)),
      allow_list ${text} not null,
      is_protected ${integer} not null check (is_protected in (0, 1)),
      created_at ${integer} not null,
      created_by_id ${text} not null,
      created_by_name ${text} not null,
      modified_at ${integer},
      modified_by_id ${text},
      modified_by_name ${text},
      revision ${integer} not null,
      wrapped_key ${bytes} not null
    ) ${heap}`,
    "create index registries_of_organization on registries (organization_key, name)",
    `create table registry_usage (
      registry_key ${integer} not null primary key references registries on delete cascade,
      bytes ${integer} not null check (bytes >= 0)
    ) ${heap}`,
  ];
}

function tokens({ key, integer, text, heap, clustered }: ColumnTypes): string[] {
  return [
    `create table tokens (
      key ${key},
      registry_key ${integer} not null references registries on delete cascade,
      id ${text} not null unique,
      name ${text} not null,
      description ${text},
      status ${text} not null,
      expires_at ${integer},
      is_one_time ${integer} not null check (is_one_time in (0, 1)),
      last_used_at ${integer},
      created_at ${integer} not null,
      created_by_id ${text} not null,
      created_by_name ${text} not null,
      modified_at ${integer},
      modified_by_id ${text},
      modified_by_name ${text},
      unique (registry_key, name)
    ) ${heap}`,
    "create index tokens_in_order on tokens (registry_key, key)",
    "create index tokens_by_expiry on tokens (expires_at) where expires_at is not null",
    `create table token_secrets (
      secret_hash ${text} not null primary key,
      token_key ${integer} not null references tokens on delete cascade,
      valid_until ${integer}
    ) ${clustered}`,
    "create index token_secrets_of_token on token_secrets (token_key)",
    "create index token_secrets_by_end on token_secrets (valid_until) where valid_until is not null",
    `create table scopes (
      token_key ${integer} not null references tokens on delete cascade,
      position ${integer} not null,
      id ${text} not null,
      type ${text} not null,
      name ${text} not null,
      actions ${text} not null,
      primary key (token_key, position),
      unique (token_key, id)
    ) ${clustered}`,
  ];
}

function content({ key, integer, text, bytes, heap, clustered }: ColumnTypes): string[] {
  return [
    `create table repositories (
      key ${key},
      registry_key ${integer} not null references registries on delete cascade,
      name ${text} not null,
      manifest_count ${integer} not null check (manifest_count >= 0),
      created_at ${integer} not null,
      last_push_at ${integer},
      last_pull_at ${integer},
      pull_count ${integer} not null default 0,
      unique (registry_key, name)
    ) ${heap}`,
    // The catalog: repositories without a manifest are in no page and cost no page anything.
    "create index repositories_in_catalog on repositories (registry_key, name) where manifest_count > 0",
    `create table blobs (
      key ${key},
      registry_key ${integer} not null references registries on delete cascade,
      digest ${text} not null,
      size ${integer} not null check (size >= 0),
      touched_at ${integer} not null,
      storage_key ${text},
      sealed ${bytes},
      check ((storage_key is null) <> (sealed is null)),
      unique (registry_key, digest)
    ) ${heap}`,
    "create index blobs_by_storage_key on blobs (storage_key) where storage_key is not null",
    `create table repository_blobs (
      repository_key ${integer} not null references repositories on delete cascade,
      blob_key ${integer} not null references blobs on delete cascade,
      primary key (repository_key, blob_key)
    ) ${clustered}`,
    "create index repository_blobs_of_blob on repository_blobs (blob_key)",
  ];
}

function manifests({ key, integer, text, bytes, heap, clustered }: ColumnTypes): string[] {
  return [
    `create table manifests (
      key ${key},
      repository_key ${integer} not null references repositories on delete cascade,
      digest ${text} not null,
      media_type ${text} not null,
      artifact_type ${text},
      subject_digest ${text},
      size ${integer} not null check (size >= 0),
      created_at ${integer} not null,
      annotations ${text},
      sealed ${bytes} not null,
      unique (repository_key, digest)
    ) ${heap}`,
    `create index referrers on manifests (repository_key, subject_digest, digest)
      where subject_digest is not null`,
    `create index referrers_by_type on manifests (repository_key, subject_digest, artifact_type, digest)
      where subject_digest is not null`,
    // No cascade from blobs: the database itself refuses to forget a blob that a manifest needs.
    `create table manifest_references (
      manifest_key ${integer} not null references manifests on delete cascade,
      digest ${text} not null,
      blob_key ${integer} references blobs,
      primary key (manifest_key, digest)
    ) ${clustered}`,
    "create index manifest_references_to_blob on manifest_references (blob_key) where blob_key is not null",
    `create table tags (
      repository_key ${integer} not null references repositories on delete cascade,
      name ${text} not null,
      manifest_key ${integer} not null references manifests on delete cascade,
      updated_at ${integer} not null,
      primary key (repository_key, name)
    ) ${clustered}`,
    "create index tags_of_manifest on tags (manifest_key)",
  ];
}

function uploads({ key, integer, text, bytes, heap }: ColumnTypes): string[] {
  return [
    `create table uploads (
      key ${key},
      registry_key ${integer} not null references registries on delete cascade,
      id ${text} not null unique,
      repository ${text} not null,
      started_by ${text} not null,
      storage_key ${text} not null,
      durable_offset ${integer} not null check (durable_offset >= 0),
      started_at ${integer} not null,
      touched_at ${integer} not null,
      rest ${bytes}
    ) ${heap}`,
    "create index uploads_of_registry on uploads (registry_key)",
    "create index uploads_by_storage_key on uploads (storage_key)",
    "create index uploads_by_use on uploads (touched_at)",
  ];
}

function instance({ integer, text, bytes, clustered }: ColumnTypes): string[] {
  return [
    `create table instance_secrets (
      name ${text} not null primary key,
      wrapped ${bytes} not null
    ) ${clustered}`,
    `create table leases (
      name ${text} not null primary key,
      holder ${text} not null,
      held_until ${integer} not null
    ) ${clustered}`,
  ];
}
