import type { Instant, RegistryId, RunId, StorageKey } from "../domain/ids.ts";

/** Where the walk over a registry's blobs stands: in the order of their last use. */
export interface BlobPosition {
  readonly touchedAt: Instant;
  readonly key: number;
}

/** What a part of the walk found, and where the next part starts; absent: that was all. */
export interface WalkedBlobs {
  readonly next: BlobPosition | undefined;
  readonly blobs: number;
  readonly bytes: number;
}

/** A blob that is marked: gone for everybody but the collector. */
export interface MarkedBlob {
  readonly key: number;
  /** Absent where the bytes lie in the row itself. */
  readonly storageKey: StorageKey | undefined;
}

/**
 * Garbage: blobs that no manifest refers to and that nobody was told about for long enough. A marked blob is seen by no repository; when
 * a client pushes the same content again, it gets a row and bytes of its own.
 */
export interface GarbageIndex {
  /** Makes the registry read-only until that moment, or writable again. No condition for the other calls, which are safe without. */
  holdReadOnly(registryId: RegistryId, until: Instant | undefined): Promise<void>;

  /** Until when the registry is read-only; it may have passed. `undefined`: it is not, or there is no such registry. */
  readOnlyUntil(registryId: RegistryId): Promise<Instant | undefined>;

  /**
   * The moment to which garbage must have been unused: `graceMilliseconds` before `now`, or before the registry's oldest upload began,
   * whose client may rely on what it was told then.
   */
  cutoff(registryId: RegistryId, now: Instant, graceMilliseconds: number): Promise<Instant>;

  /** Counts the garbage among the next `limit` blobs that were last used before `cutoff`. */
  count(
    registryId: RegistryId,
    cutoff: Instant,
    after: BlobPosition | undefined,
    limit: number,
  ): Promise<WalkedBlobs>;

  /**
   * The same, and marks it, takes it off the registry's usage and adds it to what the run has freed, in one step. What is marked already
   * counts no second time. Prolongs the registry's being read-only until `readOnlyUntil`.
   */
  mark(
    registryId: RegistryId,
    runId: RunId,
    cutoff: Instant,
    after: BlobPosition | undefined,
    limit: number,
    readOnlyUntil: Instant,
  ): Promise<WalkedBlobs>;

  /** Up to `limit` marked blobs of the registry, whichever run has marked them. */
  marked(registryId: RegistryId, limit: number): Promise<readonly MarkedBlob[]>;

  /** Removes the rows of marked blobs; what is no longer marked is left alone. */
  forget(registryId: RegistryId, blobs: readonly MarkedBlob[]): Promise<void>;
}
