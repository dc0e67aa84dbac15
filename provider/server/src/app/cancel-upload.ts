import type { Principal } from "../domain/access.ts";
import type { Target } from "./admit.ts";
import type { Context } from "./context.ts";
import { findUpload } from "./find-upload.ts";
import { underClaim } from "./upload-claim.ts";

/**
 * Ends an upload without a blob (distribution-spec 1.1, "Canceling a blob push"): the row first, then the bytes.
 * @throws what `findUpload` throws
 */
export async function cancelUpload(
  context: Pick<
    Context,
    "metadata" | "keys" | "blobs" | "clock" | "ids" | "events" | "liveUploads"
  >,
  principal: Principal,
  target: Target,
  uploadId: string,
): Promise<void> {
  const { session } = await findUpload(context, principal, target, uploadId);
  const { id } = session;
  const work = async () => {
    // It may have been stored meanwhile, with bytes under a key of its own.
    const { session: ending } = await findUpload(context, principal, target, uploadId);
    await context.metadata.uploads.remove(ending);
    await context.blobs.remove(ending.registryId, ending.storageKey);
    context.liveUploads.forget(id);
  };
  await context.liveUploads.exclusively(id, async () => {
    await context.liveUploads.takeHeld(id)?.letGo();
    await underClaim(context, id, work);
  });
}
