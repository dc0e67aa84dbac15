import { CompiledQuery } from "kysely";
import type { MetadataStore } from "../../ports/metadata-store.ts";
import { AuditWriter } from "./audit-writer.ts";
import { isMigrated, migrate } from "./migrate.ts";
import { RepositoryLocator } from "./repository-locator.ts";
import { SqlAuditLog } from "./sql-audit-log.ts";
import { SqlBlobIndex } from "./sql-blob-index.ts";
import { SqlCollectionStore } from "./sql-collection-store.ts";
import { SqlContentBrowser } from "./sql-content-browser.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { SqlGarbageIndex } from "./sql-garbage-index.ts";
import { SqlInstanceStore } from "./sql-instance-store.ts";
import { SqlManifestStore } from "./sql-manifest-store.ts";
import { SqlOrganizationStore } from "./sql-organization-store.ts";
import { SqlRegistryPorts } from "./sql-registry-ports.ts";
import { SqlRegistryStore } from "./sql-registry-store.ts";
import { SqlRepositoryStore } from "./sql-repository-store.ts";
import { SqlScopeStore } from "./sql-scope-store.ts";
import { SqlTokenStore } from "./sql-token-store.ts";
import { SqlUntaggedIndex } from "./sql-untagged-index.ts";
import { SqlUploadStore } from "./sql-upload-store.ts";
import { SqlUsageStore } from "./sql-usage-store.ts";
import { SqlUserStore } from "./sql-user-store.ts";

/** The metadata in a database that speaks SQL. */
export class SqlMetadataStore implements MetadataStore {
  readonly instance: SqlInstanceStore;
  readonly organizations: SqlOrganizationStore;
  readonly users: SqlUserStore;
  readonly registries: SqlRegistryStore;
  readonly registryPorts: SqlRegistryPorts;
  readonly tokens: SqlTokenStore;
  readonly scopes: SqlScopeStore;
  readonly repositories: SqlRepositoryStore;
  readonly blobs: SqlBlobIndex;
  readonly manifests: SqlManifestStore;
  readonly uploads: SqlUploadStore;
  readonly content: SqlContentBrowser;
  readonly usage: SqlUsageStore;
  readonly garbage: SqlGarbageIndex;
  readonly untagged: SqlUntaggedIndex;
  readonly collections: SqlCollectionStore;
  readonly audit: SqlAuditLog;
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    const audit = new AuditWriter(database.builder);
    const locator = new RepositoryLocator(database.builder);
    this.instance = new SqlInstanceStore(database, audit);
    this.organizations = new SqlOrganizationStore(database, audit);
    this.users = new SqlUserStore(database, audit);
    this.registryPorts = new SqlRegistryPorts(database);
    this.registries = new SqlRegistryStore(database, audit, this.registryPorts);
    this.tokens = new SqlTokenStore(database, audit);
    this.scopes = new SqlScopeStore(database, audit);
    this.repositories = new SqlRepositoryStore(database, locator, audit);
    this.blobs = new SqlBlobIndex(database, locator, audit);
    this.manifests = new SqlManifestStore(database, locator, audit);
    this.uploads = new SqlUploadStore(database);
    this.content = new SqlContentBrowser(database);
    this.usage = new SqlUsageStore(database);
    this.garbage = new SqlGarbageIndex(database);
    this.untagged = new SqlUntaggedIndex(database);
    this.audit = new SqlAuditLog(database, audit);
    this.collections = new SqlCollectionStore(database, audit);
    this.#database = database;
  }

  migrate(): Promise<void> {
    return migrate(this.#database);
  }

  /** Whether the schema is the one that this program works with. */
  isMigrated(): Promise<boolean> {
    return isMigrated(this.#database);
  }

  async isReady(): Promise<boolean> {
    try {
      const probe = CompiledQuery.raw("select 1");
      await this.#database.reader.execute(probe);
      await this.#database.transaction((session) => session.execute(probe));
      return true;
    } catch {
      return false;
    }
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}
