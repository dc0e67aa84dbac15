import { DamageError } from "../domain/damage-error.ts";
import type { UploadSession } from "../domain/upload-session.ts";
import type { BlobRecord, FoundBlob } from "../ports/blob-index.ts";
import type { Context } from "./context.ts";
import { expectSound } from "./stored-content.ts";

type Parts = Pick<Context, "metadata" | "blobs" | "sealer" | "clock" | "events">;

/*
 * The registry keeps the bytes of a content once. Content that it has already is not stored a second time, but good bytes are never dropped
 * for bad ones either: those that are there are read to the end first, and where they are damaged the new ones take their place.
 *
 *   new bytes are durable ─▶ one transaction: blob, or the one that is there, is the repository's; session gone
 *     it was there: its bytes are read
 *       sound      new bytes are removed
 *       damaged    one transaction: the blob's bytes are the new ones, unless somebody else was first; what is left over is removed
 *   ─▶ the client is told
 *
 * A crash before the second transaction leaves the blob as it was, and a client without an answer, which pushes again; one behind it, bytes that no
 * row names. Both are garbage for `sweepOrphans`, which spares what was written within the hour. The row stays the same one, so that
 * every repository and manifest that shares the blob is healed with it.
 */

/** Makes a blob whose bytes are durable visible in its repository, and ends the upload that brought them. */
export async function settleBlob(
  context: Parts,
  upload: UploadSession,
  blob: BlobRecord,
): Promise<void> {
  const { metadata, clock } = context;
  const { registryId, repository } = upload;
  const known = await metadata.blobs.commit(registryId, repository, blob, upload, clock.now());
  if (known !== undefined) {
    const kept = await chooseBytes(context, registryId, known, blob);
    await removeBytes(context, registryId, kept === blob ? known : blob);
  }
}

/** Which of the two the registry goes on with. */
async function chooseBytes(
  context: Parts,
  registryId: UploadSession["registryId"],
  known: FoundBlob,
  blob: BlobRecord,
): Promise<BlobRecord> {
  const { blobs } = context.metadata;
  try {
    await expectSound(context, registryId, known);
    if (known.isDamaged) {
      await blobs.noteSoundness(registryId, known);
    }
    return known;
  } catch (error) {
    if (!(error instanceof DamageError)) {
      throw error;
    }
    const isReplaced = await blobs.replaceBytes(registryId, known, blob.location);
    if (isReplaced) {
      const { digest } = blob;
      context.events.warn("blob-healed", { registryId, digest, problem: error.message });
    }
    return isReplaced ? blob : known;
  }
}

async function removeBytes(
  { blobs }: Parts,
  registryId: UploadSession["registryId"],
  { location }: BlobRecord,
): Promise<void> {
  if (location.kind === "stored") {
    await blobs.remove(registryId, location.key);
  }
}
