import type { Digest } from "../domain/digest.ts";
import type { Instant, RegistryId, RunId } from "../domain/ids.ts";
import type { RepositoryName } from "../domain/repository-name.ts";
import type { UntaggedManifest } from "../domain/untagged.ts";

/** Where the walk over a registry's manifests stands. */
export interface ManifestPosition {
  readonly repositoryKey: number;
  readonly digest: string;
}

/** What a part of the walk found, and where the next part starts; absent: that was all. */
export interface WalkedManifests {
  readonly next: ManifestPosition | undefined;
  readonly manifests: readonly SizedManifest[];
}

export interface SizedManifest extends UntaggedManifest {
  readonly size: number;
}

/** That a manifest refers to a blob. */
export interface BlobReference {
  readonly blobKey: number;
  readonly size: number;
  /** How many manifests refer to the blob. */
  readonly references: number;
}

/** Manifests that no tag names, for schedules that remove them. */
export interface UntaggedIndex {
  /** Those of the next `limit` manifests of the registry that no tag names and that were last pushed, pulled or promised before `cutoff`. */
  walk(
    registryId: RegistryId,
    cutoff: Instant,
    after: ManifestPosition | undefined,
    limit: number,
  ): Promise<WalkedManifests>;

  /**
   * Removes those of the manifests that are still untagged, unused since `cutoff` and kept by no other manifest, takes them off the
   * registry's usage and adds them to what the run has freed, in one step. Returns how many.
   */
  remove(
    registryId: RegistryId,
    runId: RunId,
    keys: readonly number[],
    cutoff: Instant,
  ): Promise<number>;

  /** The blobs that the manifests refer to and that were last used before `cutoff`: one entry for each manifest and blob. */
  blobsOf(keys: readonly number[], cutoff: Instant): Promise<readonly BlobReference[]>;

  /** Notes that a client is told that the manifest exists. `false`: it does not. */
  promise(
    registryId: RegistryId,
    repository: RepositoryName,
    digest: Digest,
    now: Instant,
  ): Promise<boolean>;
}
