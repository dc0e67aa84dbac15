import type { AuditLog } from "./audit-log.ts";
import type { BlobIndex } from "./blob-index.ts";
import type { CollectionStore } from "./collection-store.ts";
import type { ContentBrowser } from "./content-browser.ts";
import type { GarbageIndex } from "./garbage-index.ts";
import type { InstanceStore } from "./instance-store.ts";
import type { ManifestStore } from "./manifest-store.ts";
import type { OrganizationStore } from "./organization-store.ts";
import type { RegistryPorts } from "./registry-ports.ts";
import type { RegistryStore } from "./registry-store.ts";
import type { RepositoryStore } from "./repository-store.ts";
import type { ScopeStore } from "./scope-store.ts";
import type { TokenStore } from "./token-store.ts";
import type { UntaggedIndex } from "./untagged-index.ts";
import type { UploadStore } from "./upload-store.ts";
import type { UsageStore } from "./usage-store.ts";
import type { UserStore } from "./user-store.ts";

/**
 * Everything that is not a blob's bytes, in one database. Each method is one transaction: it happens whole or not at all, and when
 * its promise resolves it is durable. Concurrent writers are settled by the database. Absence is `undefined`; a broken rule of the
 * domain (a name taken, say) is a `RegistryError`; anything else that is thrown is a fault of the store.
 */
export interface MetadataStore {
  readonly instance: InstanceStore;
  readonly organizations: OrganizationStore;
  readonly users: UserStore;
  readonly registries: RegistryStore;
  readonly registryPorts: RegistryPorts;
  readonly tokens: TokenStore;
  readonly scopes: ScopeStore;
  readonly repositories: RepositoryStore;
  readonly blobs: BlobIndex;
  readonly manifests: ManifestStore;
  readonly uploads: UploadStore;
  readonly content: ContentBrowser;
  readonly usage: UsageStore;
  readonly garbage: GarbageIndex;
  readonly untagged: UntaggedIndex;
  readonly collections: CollectionStore;
  readonly audit: AuditLog;

  /** Brings the schema up to date; refuses a database that a newer program has changed. */
  migrate(): Promise<void>;
  /** Answers whether the database can be read and written now. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}
