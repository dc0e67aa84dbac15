import type { AuditEvent } from "../domain/audit.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { Tag } from "../domain/reference.ts";
import type { RepositoryName } from "../domain/repository-name.ts";

/** Keyset paging: up to `limit` entries that sort behind `after`, by bytes. */
export interface KeysetPage<Key extends string> {
  readonly after?: Key | string | undefined;
  readonly limit: number;
}

/** Repositories of registries. One exists from its first manifest, blob or mount on. */
export interface RepositoryStore {
  exists(registryId: RegistryId, name: RepositoryName): Promise<boolean>;

  /** Names of the repositories that hold at least one manifest. */
  list(
    registryId: RegistryId,
    page: KeysetPage<RepositoryName>,
  ): Promise<readonly RepositoryName[]>;

  /** Tags of a repository. */
  tags(
    registryId: RegistryId,
    name: RepositoryName,
    page: KeysetPage<Tag>,
  ): Promise<readonly Tag[]>;

  /** Removes a repository with its tags and manifests; blobs' rows stay for the collector. `false`: there was none. */
  remove(registryId: RegistryId, name: RepositoryName, event?: AuditEvent): Promise<boolean>;
}
