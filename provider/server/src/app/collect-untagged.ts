import type { CollectionRun } from "../domain/collection-run.ts";
import type { Instant } from "../domain/ids.ts";
import { inParts } from "../domain/in-parts.ts";
import {
  MANIFESTS_PER_WALK_MAX,
  UNTAGGED_PER_REMOVAL_MAX,
  UNTAGGED_PER_RUN_MAX,
} from "../domain/limits.ts";
import { levelsToRemove } from "../domain/untagged.ts";
import type { ManifestPosition, SizedManifest, UntaggedIndex } from "../ports/untagged-index.ts";
import type { Context } from "./context.ts";

/*
 * Untagged manifests, for registries whose schedule has `deleteUntagged`. A manifest goes when
 *
 *   no tag names it, and no index of its repository lists it, and its subject, if it has one, is not there (or these go as well), and
 *   it was last pushed, pulled, or shown by a HEAD before the run's cutoff, which is a grace period ago (`promise-manifest.ts`)
 *
 * First all candidates are read, a part at a time, then those that nothing keeps are removed, indexes before what they list, in
 * transactions that look at every condition again: a push that tags a manifest, or lists it, comes before the removal, and it stays, or
 * after, and is told that it is unknown. Nothing here needs the registry to be read-only.
 */

type Parts = Pick<Context, "metadata">;

/** Removes what nothing keeps. A run that is interrupted here begins again, with what is left. */
export async function removeUntagged(
  { metadata }: Parts,
  { registryId, id }: CollectionRun,
  cutoff: Instant,
): Promise<void> {
  const untagged = await candidates(metadata.untagged, registryId, cutoff);
  for (const level of levelsToRemove(untagged)) {
    for (const keys of inParts(level, UNTAGGED_PER_REMOVAL_MAX)) {
      await metadata.untagged.remove(registryId, id, keys, cutoff);
    }
  }
}

/** What `removeUntagged` would remove, with the blobs that would then be garbage. */
export async function countUntagged(
  { metadata }: Parts,
  { registryId }: CollectionRun,
  cutoff: Instant,
): Promise<{ readonly manifests: number; readonly blobs: number; readonly bytes: number }> {
  const untagged = await candidates(metadata.untagged, registryId, cutoff);
  const doomed = levelsToRemove(untagged).flat();
  const sizes = new Map(untagged.map(({ key, size }) => [key, size]));
  let bytes = doomed.reduce((sum, key) => sum + (sizes.get(key) ?? 0), 0);
  let blobs = 0;
  const referencesLeft = new Map<number, number>();
  for (const keys of inParts(doomed, UNTAGGED_PER_REMOVAL_MAX)) {
    for (const { blobKey, size, references } of await metadata.untagged.blobsOf(keys, cutoff)) {
      const left = (referencesLeft.get(blobKey) ?? references) - 1;
      referencesLeft.set(blobKey, left);
      if (left === 0) {
        blobs++;
        bytes += size;
      }
    }
  }
  return { manifests: doomed.length, blobs, bytes };
}

async function candidates(
  index: UntaggedIndex,
  registryId: CollectionRun["registryId"],
  cutoff: Instant,
): Promise<readonly SizedManifest[]> {
  const found: SizedManifest[] = [];
  let next: ManifestPosition | undefined;
  do {
    const walked = await index.walk(registryId, cutoff, next, MANIFESTS_PER_WALK_MAX);
    found.push(...walked.manifests);
    next = walked.next;
  } while (next !== undefined && found.length < UNTAGGED_PER_RUN_MAX);
  return found;
}
