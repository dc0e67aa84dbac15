import type { AtOnce } from "../domain/at-once.ts";
import type { AuditEvent } from "../domain/audit.ts";
import type { Digest } from "../domain/digest.ts";
import type { Instant, RegistryId, TokenId } from "../domain/ids.ts";
import type { Manifest, ManifestMediaType } from "../domain/manifest.ts";
import type { Reference, Tag } from "../domain/reference.ts";
import type { RepositoryName } from "../domain/repository-name.ts";
import type { KeysetPage } from "./repository-store.ts";
import type { SealedBytes } from "./sealer.ts";

export interface ManifestRecord {
  readonly digest: Digest;
  readonly mediaType: ManifestMediaType;
  /** Of the plain bytes. */
  readonly size: number;
  readonly sealed: SealedBytes;
}

/** A manifest as it is found. */
export interface FoundManifest extends ManifestRecord {
  /** A blob of it, or of a manifest that it lists, is known to be damaged. */
  readonly isIncomplete: boolean;
}

/** What the referrers list shows of one manifest. */
export interface Referrer {
  readonly digest: Digest;
  readonly mediaType: ManifestMediaType;
  readonly size: number;
  readonly artifactType: string | undefined;
  readonly annotations: Readonly<Record<string, string>> | undefined;
}

/** Manifests and tags of repositories. */
export interface ManifestStore {
  /**
   * Stores a manifest and points `tags` at it, creating the repository if need be. The same manifest again is fine; a tag that was
   * elsewhere moves, and what it pointed at stays. `spends` names a one-time token that is removed in the same step, so that of two
   * pushes with it exactly one succeeds.
   * @throws RegistryError `manifest-reference-unknown` when the repository misses a blob or child that has no other source;
   *   `registry-unknown` when the registry is gone; `credentials-invalid` when the token to spend is
   */
  put(
    registryId: RegistryId,
    repository: RepositoryName,
    record: ManifestRecord,
    manifest: Manifest,
    tags: readonly Tag[],
    now: Instant,
    spends?: TokenId,
    event?: AuditEvent,
  ): Promise<void>;

  find(
    registryId: RegistryId,
    repository: RepositoryName,
    reference: Reference,
  ): AtOnce<FoundManifest | undefined>;

  /** Removes a manifest and the tags that point at it. `false`: there was none. */
  remove(
    registryId: RegistryId,
    repository: RepositoryName,
    digest: Digest,
    event?: AuditEvent,
  ): Promise<boolean>;

  /** Removes one tag and leaves its manifest. `false`: there was none. */
  removeTag(
    registryId: RegistryId,
    repository: RepositoryName,
    tag: Tag,
    event?: AuditEvent,
  ): Promise<boolean>;

  /** Manifests whose subject is `subject`, ordered by digest. */
  referrers(
    registryId: RegistryId,
    repository: RepositoryName,
    subject: Digest,
    filter: { readonly artifactType: string | undefined },
    page: KeysetPage<Digest>,
  ): Promise<readonly Referrer[]>;
}
