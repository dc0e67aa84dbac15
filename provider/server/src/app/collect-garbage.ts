import type { CollectionRun } from "../domain/collection-run.ts";
import type { RunId } from "../domain/ids.ts";
import {
  BLOBS_PER_MARKING_MAX,
  BYTES_REMOVED_AT_ONCE_MAX,
  DUE_COLLECTIONS_PER_QUERY_MAX,
  MARKED_BLOBS_PER_REMOVAL_MAX,
  READ_ONLY_HOLD_MILLISECONDS,
  SLOT_LATE_MILLISECONDS_MAX,
} from "../domain/limits.ts";
import { lastSlot, nextSlot } from "../domain/schedule.ts";
import type { BlobPosition, MarkedBlob, WalkedBlobs } from "../ports/garbage-index.ts";
import { auditEvent } from "./audit-event.ts";
import { countUntagged, removeUntagged } from "./collect-untagged.ts";
import type { Context } from "./context.ts";

/*
 * Garbage collection. Garbage is a blob that no manifest refers to and whose existence no client was told of within the grace period.
 * One process at a time does this, under the job's lease; should two overlap, each step stands being done twice.
 *
 *   a schedule is set     registry.next := its next slot
 *   slot is due           one transaction: registry.next moves from this slot to the next one; a run is added, `marking`
 *                         (whoever is second finds the slot moved; one that was missed by more than a day only moves)
 *   run is asked for      one transaction: a run is added, `marking`, unless one is under way
 *
 *   marking               cutoff := grace before now, or before the oldest live upload began
 *                         schedule has deleteUntagged: untagged manifests go (`collect-untagged.ts`)
 *                         registry is read-only for READ_ONLY_HOLD from now        pushes and deletes wait; pulls and upload bytes go on
 *                         for each part of its blobs that were last used before cutoff, one transaction:
 *                           to the blobs among them that no manifest refers to, now: mark; take from repositories and usage; count
 *                           registry is read-only for READ_ONLY_HOLD from now
 *                         one transaction: registry is writable; run is `deleting`
 *   deleting              for some marked blobs of the registry at a time: remove their bytes; then, one transaction: their rows
 *                         none left: run has `succeeded`
 *
 * Why nothing is lost. A manifest's push is one transaction, which looks its blobs up in the repository and refers to them; a part of the
 * marking is another. Whichever is first, the other sees it: a blob is marked, and the push is told that it is unknown, or it is referred
 * to, and not marked. Uploads, mounts, `HEAD` and `GET` note a blob as used in the transaction that shows it, or before they answer
 * (`promise-blob.ts`); a mark takes only what was not used for the grace period. So a client that was told of a blob finds it as long as that
 * lasts, and as long as any upload that began within it. None of this rests on the registry's being read-only, or on clocks that differ by
 * less than half of the grace period.
 *
 * Who may crash where. While marking: the registry is writable again when the hold has passed, what is marked stays so, and was counted with
 * it; the run is marked again from the start. While deleting: bytes that are gone are removed once more, to no effect. A push of the
 * same content displaces a marked row and gets bytes of its own, under another key; the old bytes are an orphan, which `sweepOrphans`
 * removes. A run whose step fails has `failed`; what it has marked goes with the next run.
 */

type Parts = Pick<Context, "metadata" | "blobs" | "clock" | "ids" | "events" | "settings">;

/** Starts what is due, and goes on with every run under way until none is left. Ends early when `signal` aborts. */
export async function collectGarbage(
  context: Parts,
  signal?: AbortSignal,
): Promise<{ readonly runs: number; readonly blobs: number }> {
  let runs = 0;
  let blobs = 0;
  const isStopping = () => signal?.aborted === true;
  while (!isStopping()) {
    runs += await startDueRuns(context);
    const underWay = await context.metadata.collections.unfinished(DUE_COLLECTIONS_PER_QUERY_MAX);
    if (underWay.length === 0) {
      break;
    }
    for (const run of underWay.filter(({ phase }) => phase === "marking")) {
      await orFail(context, run, () => (run.isDryRun ? count(context, run) : mark(context, run)));
      if (isStopping()) {
        return { runs, blobs };
      }
    }
    // A part of the bytes at a time, so that no registry's slot waits for another one's disk.
    for (const run of underWay.filter(({ phase }) => phase === "deleting")) {
      blobs += (await orFail(context, run, () => removeSome(context, run))) ?? 0;
    }
  }
  return { runs, blobs };
}

async function startDueRuns(context: Parts): Promise<number> {
  const { metadata, clock, ids } = context;
  const now = clock.now();
  let count = 0;
  for (const due of await metadata.collections.due(now, DUE_COLLECTIONS_PER_QUERY_MAX)) {
    const { registryId, schedule } = due;
    const isMissed = now - lastSlot(schedule, now) > SLOT_LATE_MILLISECONDS_MAX;
    const run = { id: ids.uuid<RunId>(), registryId, isDryRun: false, startedAt: now };
    const next = nextSlot(schedule, now);
    const event = auditEvent(context, "server", {
      action: "garbage-collection.start",
      registry: { id: registryId },
      resource: { type: "garbage-collection", id: run.id, name: "scheduled run" },
    });
    const taken = isMissed ? undefined : run;
    if ((await metadata.collections.takeSlot(due, next, taken, event)) && !isMissed) {
      count++;
    }
  }
  return count;
}

async function mark(context: Parts, run: CollectionRun): Promise<void> {
  const { metadata, clock, settings } = context;
  const { id, registryId } = run;
  const grace = settings.garbageGraceMilliseconds;
  const cutoff = await metadata.garbage.cutoff(registryId, clock.now(), grace);
  if (await deletesUntagged(context, run)) {
    await removeUntagged(context, run, cutoff);
  }
  const readOnlyFrom = clock.now();
  const hold = () => clock.now() + READ_ONLY_HOLD_MILLISECONDS;
  await metadata.garbage.holdReadOnly(registryId, hold());
  await walk((after) =>
    metadata.garbage.mark(registryId, id, cutoff, after, BLOBS_PER_MARKING_MAX, hold()),
  );
  await metadata.collections.endMarking(run, clock.now() - readOnlyFrom);
}

async function count(context: Parts, run: CollectionRun): Promise<void> {
  const { metadata, clock, settings } = context;
  const { registryId } = run;
  const { garbage } = metadata;
  const grace = settings.garbageGraceMilliseconds;
  const cutoff = await garbage.cutoff(registryId, clock.now(), grace);
  const now = await walk((after) =>
    garbage.count(registryId, cutoff, after, BLOBS_PER_MARKING_MAX),
  );
  const then = (await deletesUntagged(context, run))
    ? await countUntagged(context, run, cutoff)
    : { manifests: 0, blobs: 0, bytes: 0 };
  await metadata.collections.finish(run, "succeeded", clock.now(), {
    manifests: then.manifests,
    blobs: now.blobs + then.blobs,
    bytes: now.bytes + then.bytes,
  });
}

async function deletesUntagged({ metadata }: Parts, { registryId }: CollectionRun) {
  return (await metadata.collections.schedule(registryId))?.deleteUntagged === true;
}

/** Takes part after part, and returns what they add up to. */
async function walk(
  part: (after: BlobPosition | undefined) => Promise<WalkedBlobs>,
): Promise<{ readonly blobs: number; readonly bytes: number }> {
  let blobs = 0;
  let bytes = 0;
  let next: BlobPosition | undefined;
  do {
    const walked = await part(next);
    blobs += walked.blobs;
    bytes += walked.bytes;
    next = walked.next;
  } while (next !== undefined);
  return { blobs, bytes };
}

/** Removes some of the registry's marked blobs and returns how many; ends the run when there are none left. */
async function removeSome(context: Parts, run: CollectionRun): Promise<number> {
  const { metadata, clock } = context;
  const { registryId } = run;
  const marked = await metadata.garbage.marked(registryId, MARKED_BLOBS_PER_REMOVAL_MAX);
  if (marked.length === 0) {
    await metadata.collections.finish(run, "succeeded", clock.now());
    return 0;
  }
  await removeBytes(context, run, marked);
  await metadata.garbage.forget(registryId, marked);
  return marked.length;
}

async function removeBytes(
  { blobs }: Parts,
  { registryId }: CollectionRun,
  marked: readonly MarkedBlob[],
): Promise<void> {
  const waiting = marked.flatMap(({ storageKey }) => storageKey ?? []);
  const removeInTurn = async () => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      await blobs.remove(registryId, key);
    }
  };
  await Promise.all(Array.from({ length: BYTES_REMOVED_AT_ONCE_MAX }, removeInTurn));
}

/** One registry's failure is not the other ones'. */
async function orFail<T>(
  { metadata, clock, events }: Parts,
  run: CollectionRun,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const { registryId, id: runId } = run;
    events.error("garbage-collection-failed", error, { registryId, runId });
    await metadata.collections.finish(run, "failed", clock.now());
    return undefined;
  }
}
