import type { GarbageCollectionRun } from "@moorage/core/contract/garbage-collection";
import type { GarbageCollectionSummary } from "@moorage/core/contract/registry";
import type { CollectionReport } from "../../app/registry-draft.ts";
import type { CollectionRun, RunPhase } from "../../domain/collection-run.ts";
import type { Instant } from "../../domain/ids.ts";
import type { Hrefs } from "./hrefs.ts";
import { timeView } from "./signature-view.ts";

/** A collection of garbage as answers show it (extensions, "Added paths"). */
export function collectionView(run: CollectionRun, hrefs: Hrefs): GarbageCollectionRun {
  return {
    id: run.id,
    type: "garbage-collection",
    href: hrefs.collection(run.registryId, run.id),
    metadata: {
      state: STATES[run.phase],
      startedAt: timeView(run.startedAt),
      finishedAt: optionalTime(run.finishedAt),
      readOnlyMilliseconds: run.readOnlyMilliseconds ?? null,
    },
    properties: {
      trigger: run.trigger,
      dryRun: run.isDryRun,
      manifestsDeleted: run.manifests,
      blobsDeleted: run.blobs,
      bytesFreed: run.bytes,
    },
  };
}

/** Last and next collection, for a registry's `garbageCollection`; null where there is neither (extensions, "Added fields"). */
export function collectionSummary({
  last,
  nextAt,
}: CollectionReport): GarbageCollectionSummary | null {
  if (last === undefined && nextAt === undefined) {
    return null;
  }
  return {
    ...(last !== undefined && {
      state: STATES[last.phase],
      startedAt: timeView(last.startedAt),
      finishedAt: optionalTime(last.finishedAt),
      blobsDeleted: last.blobs,
      bytesFreed: last.bytes,
    }),
    nextRunAt: optionalTime(nextAt),
  };
}

const STATES = {
  marking: "Running",
  deleting: "Running",
  succeeded: "Succeeded",
  failed: "Failed",
} as const satisfies Record<RunPhase, string>;

function optionalTime(at: Instant | undefined): string | null {
  return at === undefined ? null : timeView(at);
}
