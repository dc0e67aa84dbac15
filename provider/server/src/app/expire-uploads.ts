import type { Instant } from "../domain/ids.ts";
import {
  ENDED_UPLOADS_PER_SWEEP_MAX,
  IDLE_UPLOADS_PER_SWEEP_MAX,
  UPLOAD_IDLE_MILLISECONDS_MAX,
} from "../domain/limits.ts";
import type { Context } from "./context.ts";

/**
 * Ends the uploads that nobody has gone on with for too long, of all registries, and returns how many: first their rows, then their
 * bytes. Bytes that could not be removed, or that a crash left, are garbage that no row names.
 */
export async function expireUploads(
  context: Pick<Context, "metadata" | "blobs" | "clock" | "events">,
  signal?: AbortSignal,
): Promise<number> {
  const before = context.clock.now() - UPLOAD_IDLE_MILLISECONDS_MAX;
  let count = 0;
  for (;;) {
    const ended = await context.metadata.uploads.removeIdle(before, IDLE_UPLOADS_PER_SWEEP_MAX);
    for (const { registryId, storageKey } of ended) {
      try {
        await context.blobs.remove(registryId, storageKey);
      } catch (error) {
        context.events.error("upload-bytes-left-behind", error, { registryId });
      }
    }
    count += ended.length;
    if (ended.length < IDLE_UPLOADS_PER_SWEEP_MAX || signal?.aborted === true) {
      break;
    }
  }
  await forgetEnded(context, before, signal);
  return count;
}

/** Of ids that nobody can use any more, nobody needs to know that their uploads have ended. */
async function forgetEnded(
  { metadata }: Pick<Context, "metadata">,
  before: Instant,
  signal: AbortSignal | undefined,
): Promise<void> {
  while (signal?.aborted !== true) {
    const forgotten = await metadata.uploads.forgetEnded(before, ENDED_UPLOADS_PER_SWEEP_MAX);
    if (forgotten < ENDED_UPLOADS_PER_SWEEP_MAX) {
      break;
    }
  }
}
