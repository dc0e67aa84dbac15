import type { Instant, RegistryId, RunId } from "./ids.ts";

/**
 * One collection of a registry's garbage.
 *
 *   marking ──all marked──▶ deleting ──all bytes gone──▶ succeeded        a dry run: marking ──counted──▶ succeeded
 *      └───────── a failure ─────┴──▶ failed
 *
 * A run that a crash or a restart has interrupted stays in its phase, and is gone on with.
 */
export interface CollectionRun {
  readonly id: RunId;
  readonly registryId: RegistryId;
  readonly trigger: RunTrigger;
  /** Counts what would go, and changes nothing. */
  readonly isDryRun: boolean;
  readonly phase: RunPhase;
  readonly startedAt: Instant;
  /** Absent while the run goes on. */
  readonly finishedAt: Instant | undefined;
  /** For how long pushes and deletes had to wait; absent until they need no longer. */
  readonly readOnlyMilliseconds: number | undefined;
  /** Untagged ones, where the schedule removes them. */
  readonly manifests: number;
  readonly blobs: number;
  readonly bytes: number;
}

export const RUN_TRIGGERS = ["schedule", "request"] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

export const RUN_PHASES = ["marking", "deleting", "succeeded", "failed"] as const;
export type RunPhase = (typeof RUN_PHASES)[number];
