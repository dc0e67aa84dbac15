import type { AuditEvent } from "../domain/audit.ts";
import type { CollectionRun } from "../domain/collection-run.ts";
import type { Instant, RegistryId, RunId } from "../domain/ids.ts";
import type { GarbageCollectionSchedule } from "../domain/schedule.ts";

/** A registry whose next collection is due. */
export interface DueCollection {
  readonly registryId: RegistryId;
  readonly schedule: GarbageCollectionSchedule;
  /** When it was to start: the slot that has been open for longest. */
  readonly slot: Instant;
}

/** A run as it starts. */
export type NewRun = Pick<CollectionRun, "id" | "registryId" | "isDryRun" | "startedAt">;

/** What a dry run found. */
export type CountedGarbage = Pick<CollectionRun, "manifests" | "blobs" | "bytes">;

/** Garbage collections of registries: due, under way, and done. */
export interface CollectionStore {
  /** Up to `limit` registries whose next slot was at `now` or before. */
  due(now: Instant, limit: number): Promise<readonly DueCollection[]>;

  /** The schedule of a registry; `undefined`: it has none, or is gone. */
  schedule(registryId: RegistryId): Promise<GarbageCollectionSchedule | undefined>;

  /**
   * Moves a registry's next slot on, and adds a run for the one that was due, if it is to run. `false`: somebody else has done so, or the
   * schedule has changed. Of several processes that do this at once, one succeeds.
   */
  takeSlot(
    due: DueCollection,
    next: Instant,
    run: NewRun | undefined,
    event?: AuditEvent,
  ): Promise<boolean>;

  /**
   * Adds a run that was asked for, or returns the one under way, where one of the same kind is, however it was started. Of each registry
   * the latest `COLLECTION_RUNS_KEPT_MAX` runs are kept.
   * @throws RegistryError `registry-unknown` when the registry is gone
   */
  start(run: NewRun, event?: AuditEvent): Promise<CollectionRun>;

  /** Runs that are marking or deleting, of all registries, the earliest first. */
  unfinished(limit: number): Promise<readonly CollectionRun[]>;

  /** Ends the marking of a run, and with it the registry's being read-only, in one step. */
  endMarking(run: CollectionRun, readOnlyMilliseconds: number): Promise<void>;

  /** Ends a run, unless it has ended; the registry is writable then. */
  finish(
    run: CollectionRun,
    phase: "succeeded" | "failed",
    now: Instant,
    counted?: CountedGarbage,
  ): Promise<void>;

  find(registryId: RegistryId, id: RunId): Promise<CollectionRun | undefined>;

  /** Runs of a registry, the latest first. */
  list(registryId: RegistryId, limit: number): Promise<readonly CollectionRun[]>;

  /** The latest run that was none for show. */
  latest(registryId: RegistryId): Promise<CollectionRun | undefined>;
}
