import type { Generated } from "kysely";

/**
 * The database as `migrations/` makes it. Rows refer to each other by small integers (`key`), which never leave the store; what the
 * outside names things by are the columns `id`, `name` and `digest`. Booleans are 0 and 1, instants are milliseconds. Names and digests
 * compare by bytes.
 */
export interface Tables {
  organizations: OrganizationsTable;
  users: UsersTable;
  registries: RegistriesTable;
  registry_usage: RegistryUsageTable;
  tokens: TokensTable;
  token_secrets: TokenSecretsTable;
  scopes: ScopesTable;
  repositories: RepositoriesTable;
  blobs: BlobsTable;
  repository_blobs: RepositoryBlobsTable;
  manifests: ManifestsTable;
  manifest_usage: ManifestUsageTable;
  manifest_references: ManifestReferencesTable;
  tags: TagsTable;
  uploads: UploadsTable;
  ended_uploads: EndedUploadsTable;
  marked_blobs: MarkedBlobsTable;
  damaged_blobs: DamagedBlobsTable;
  collection_runs: CollectionRunsTable;
  audit_events: AuditEventsTable;
  audit_retention: AuditRetentionTable;
  instance_secrets: InstanceSecretsTable;
  leases: LeasesTable;
  migrations: MigrationsTable;
}

export interface OrganizationsTable {
  key: Generated<number>;
  id: string;
  name: string;
  contract_number: number;
}

export interface UsersTable extends SignedTable {
  key: Generated<number>;
  organization_key: number;
  id: string;
  /** As it was given. */
  email: string;
  /** In lower case: what makes an address unique, and what finds it. */
  email_folded: string;
  display_name: string | null;
  role: string;
  password_hash: string | null;
  revision: number;
}

export interface RegistriesTable extends SignedTable {
  key: Generated<number>;
  organization_key: number;
  id: string;
  name: string;
  location: string;
  visibility: string;
  state: string;
  /** JSON: `{"days": […], "time": "…"}`. */
  schedule: string | null;
  is_scanned: number;
  /** JSON: an array of texts. */
  allow_list: string;
  is_protected: number;
  revision: number;
  wrapped_key: Uint8Array;
  /** Where it alone is served. */
  port: number | null;
  /** While garbage is being marked. */
  read_only_until: number | null;
  /** The next slot of the schedule, once it has passed: the one that is due. */
  next_collection_at: number | null;
}

/** Who made a thing and who changed it last. */
export interface SignedTable {
  created_at: number;
  created_by_id: string;
  created_by_name: string;
  modified_at: number | null;
  modified_by_id: string | null;
  modified_by_name: string | null;
}

/** What registries hold, counted by every transaction that adds or removes something. */
export interface RegistryUsageTable {
  registry_key: number;
  bytes: number;
}

export interface TokensTable extends SignedTable {
  key: Generated<number>;
  registry_key: number;
  id: string;
  name: string;
  description: string | null;
  status: string;
  expires_at: number | null;
  is_one_time: number;
  last_used_at: number | null;
}

/** A token's secret, as a keyed hash, and those that a rotation left valid for a while. */
export interface TokenSecretsTable {
  secret_hash: string;
  token_key: number;
  /** When an old secret stops working; absent: this is the current one. */
  valid_until: number | null;
}

export interface ScopesTable {
  token_key: number;
  /** Orders a token's scopes; has gaps. */
  position: number;
  id: string;
  type: string;
  name: string;
  /** JSON: an array of texts. */
  actions: string;
}

export interface RepositoriesTable {
  key: Generated<number>;
  registry_key: number;
  name: string;
  manifest_count: number;
  created_at: number;
  last_push_at: number | null;
  last_pull_at: number | null;
  pull_count: Generated<number>;
  push_count: Generated<number>;
}

export interface BlobsTable {
  key: Generated<number>;
  registry_key: number;
  digest: string;
  size: number;
  /** When a client was last told that the blob exists. */
  touched_at: number;
  /** Where the bytes are: in the blob store under this key, … */
  storage_key: string | null;
  /** … or here. */
  sealed: Uint8Array | null;
}

/** Which repository may see which blob. */
export interface RepositoryBlobsTable {
  repository_key: number;
  blob_key: number;
}

export interface ManifestsTable {
  key: Generated<number>;
  repository_key: number;
  digest: string;
  media_type: string;
  artifact_type: string | null;
  subject_digest: string | null;
  size: number;
  created_at: number;
  /** JSON: an object of texts. Kept for manifests with a subject alone: only the referrers list shows them. */
  annotations: string | null;
  sealed: Uint8Array;
}

/** How often a manifest was pushed and pulled; every manifest has a row. */
export interface ManifestUsageTable {
  manifest_key: number;
  /** Those of the manifest's repository: they stand here for the indexes. */
  registry_key: number;
  repository_key: number;
  push_count: number;
  pull_count: number;
  last_push_at: number;
  last_pull_at: number | null;
  /** When a client was last told that the manifest exists, where the registry removes untagged ones. */
  promised_at: Generated<number>;
}

/** What a manifest refers to: a blob (`blob_key`), or a manifest or a blob that the repository need not hold. */
export interface ManifestReferencesTable {
  manifest_key: number;
  digest: string;
  blob_key: number | null;
}

export interface TagsTable {
  repository_key: number;
  name: string;
  manifest_key: number;
  updated_at: number;
}

export interface UploadsTable {
  key: Generated<number>;
  registry_key: number;
  id: string;
  /** By name: an upload does not make its repository exist. */
  repository: string;
  started_by: string;
  storage_key: string;
  durable_offset: number;
  started_at: number;
  touched_at: number;
  rest: Uint8Array | null;
}

/** Uploads that are over, while their ids would still be good. */
export interface EndedUploadsTable {
  started_at: number;
  id: string;
}

/** Blobs that are garbage: no repository sees them, and their bytes are being removed. */
export interface MarkedBlobsTable {
  blob_key: number;
  registry_key: number;
  /** The blob's: what marking it has freed. */
  size: number;
}

/** Blobs whose bytes are not what was written, until they are pushed again. */
export interface DamagedBlobsTable {
  blob_key: number;
  noticed_at: number;
}

export interface CollectionRunsTable {
  key: Generated<number>;
  registry_key: number;
  id: string;
  trigger_kind: string;
  is_dry_run: number;
  phase: string;
  started_at: number;
  finished_at: number | null;
  read_only_milliseconds: number | null;
  blobs: number;
  bytes: number;
  manifests: number;
}

/** One row: what happened before may be removed from `audit_events`. It never goes back. */
export interface AuditRetentionTable {
  one: number;
  kept_from: number;
}

/** Appended to and never changed. Refers to nothing: what an event tells of may be gone, and the event stays. */
export interface AuditEventsTable {
  key: Generated<number>;
  id: string;
  organization_id: string;
  at: number;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string;
  action: string;
  outcome: string;
  reason: string | null;
  registry_id: string | null;
  registry_name: string | null;
  resource_type: string | null;
  resource_id: string | null;
  resource_name: string | null;
  /** A list of names, as JSON. */
  changes: string;
  address: string | null;
  request_id: string | null;
  user_agent: string | null;
  count: number;
}

export interface InstanceSecretsTable {
  name: string;
  wrapped: Uint8Array;
}

export interface LeasesTable {
  name: string;
  holder: string;
  held_until: number;
}

export interface MigrationsTable {
  number: number;
  name: string;
}
