import type { Principal } from "../domain/access.ts";
import type { Digest } from "../domain/digest.ts";
import type { Target } from "./admit.ts";
import type { Chunk } from "./append-upload.ts";
import { cancelUpload } from "./cancel-upload.ts";
import { finishUpload } from "./finish-upload.ts";
import { startUpload } from "./start-upload.ts";

/**
 * Pushes a blob in one request (distribution-spec 1.1, "Single POST"). Its upload has no address that the client knows, so that nobody
 * can go on with it: where the push fails, the upload and its bytes go at once.
 * @throws what `startUpload` and `finishUpload` throw
 */
export async function pushBlob(
  context: Parameters<typeof startUpload>[0] &
    Parameters<typeof finishUpload>[0] &
    Parameters<typeof cancelUpload>[0],
  principal: Principal,
  target: Target,
  digest: Digest,
  chunk: Chunk,
): Promise<void> {
  const { id } = await startUpload(context, principal, target);
  try {
    await finishUpload(context, principal, target, id, digest, chunk);
  } catch (error) {
    await cancelQuietly(context, principal, target, id);
    throw error;
  }
}

/** What cannot be removed now expires. */
async function cancelQuietly(
  context: Parameters<typeof cancelUpload>[0],
  principal: Principal,
  target: Target,
  id: string,
): Promise<void> {
  try {
    await cancelUpload(context, principal, target, id);
  } catch (error) {
    context.events.warn("upload-not-cancelled", {
      uploadId: id,
      problem: error instanceof Error ? error.message : String(error),
    });
  }
}
