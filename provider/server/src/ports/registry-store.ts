import type { AtOnce } from "../domain/at-once.ts";
import type { AuditEvent } from "../domain/audit.ts";
import type { OrganizationId, RegistryId } from "../domain/ids.ts";
import type { PortRange } from "../domain/port-range.ts";
import type { Registry, Signature } from "../domain/registry.ts";
import type { WrappedKey } from "./key-ring.ts";

/** What may be changed of a registry; a field left out stays. `schedule: null` removes the schedule. */
export type RegistryChanges = Partial<
  Pick<Registry, "visibility" | "isScanned" | "allowList" | "isProtected" | "state">
> & { readonly schedule?: Registry["schedule"] | null };

/** A registry that is to be. */
export interface NewRegistry extends Registry {
  readonly ports?: PortRange | undefined;
}

export interface RegistryPage {
  /** Text that the name must contain, without regard to case. */
  readonly nameContains?: string | undefined;
  /** The name that the page before ended with; pages are ordered by name. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface RegistryUsage {
  /** Bytes of the registry's blobs, each counted once, and of the manifests of each of its repositories. */
  readonly bytes: number;
}

/** Registries of organizations. */
export interface RegistryStore {
  /**
   * Stores a registry; with `ports`, under the lowest of them that is free, in the same transaction.
   * @throws RegistryError `registry-name-taken`, also when two processes create it at once; an id in use counts as that too;
   *   `registry-ports-exhausted`
   */
  create(registry: NewRegistry, key: WrappedKey, event?: AuditEvent): Promise<void>;

  find(organizationId: OrganizationId, id: RegistryId): Promise<Registry | undefined>;

  /** Finds by name over all organizations: the data plane's look-up. Who may see it is for the caller to decide. */
  findByName(name: string): AtOnce<Registry | undefined>;

  /** Up to `limit` registries of the organization, by name. */
  list(organizationId: OrganizationId, page: RegistryPage): Promise<readonly Registry[]>;

  /**
   * Changes a registry, counts up its revision and returns it; `undefined`: there is none. With `revision` only if it still has that one.
   * @throws RegistryError `registry-changed`
   */
  update(
    organizationId: OrganizationId,
    id: RegistryId,
    changes: RegistryChanges,
    by: Signature,
    revision?: number,
    event?: AuditEvent,
  ): Promise<Registry | undefined>;

  /**
   * Removes a registry with its tokens, repositories, manifests, blobs' rows, uploads and data key; its name is free again. `false`:
   * there was none. With `revision` only if it still has that one.
   * @throws RegistryError `registry-changed`; `registry-protected` while it is protected
   */
  remove(
    organizationId: OrganizationId,
    id: RegistryId,
    revision?: number,
    event?: AuditEvent,
  ): Promise<boolean>;

  /** The wrapped data key; `undefined` once the registry is removed. */
  wrappedKey(id: RegistryId): AtOnce<WrappedKey | undefined>;

  usage(organizationId: OrganizationId, id: RegistryId): Promise<RegistryUsage>;

  /** Of these registries, the ones that no longer exist: for finding bytes whose registry is gone. */
  missing(ids: readonly RegistryId[]): Promise<readonly RegistryId[]>;
}
