import type { Principal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import { UPLOADS_PER_REGISTRY_MAX } from "../domain/limits.ts";
import type { Target } from "./admit.ts";
import type { Context } from "./context.ts";
import { type FoundUpload, findUpload } from "./find-upload.ts";
import { type UploadClaim, underClaim } from "./upload-claim.ts";

type Parts = Pick<Context, "metadata" | "keys" | "clock" | "ids" | "events" | "liveUploads">;

/**
 * Does work on an upload while no other request, of whatever worker or process, does: first those of this process take turns, then the
 * claim keeps the others off. The upload is stored from then on: what its bytes rely on is spared by the collector for as long as it
 * lasts, and its file by the sweep.
 * @throws RegistryError `upload-busy`, `uploads-exhausted`, and what `findUpload` throws
 */
export async function inTurn<T>(
  context: Parts,
  principal: Principal,
  target: Target,
  uploadId: string,
  work: (upload: FoundUpload, claim: UploadClaim) => Promise<T>,
): Promise<T> {
  const found = await findUpload(context, principal, target, uploadId);
  const { id } = found.session;
  return context.liveUploads.exclusively(id, () => {
    // At the same time as the claim, so that one commit covers both.
    const storing = found.isStored ? undefined : store(context, found);
    storing?.catch(() => {});
    return underClaim(context, id, async (claim) => {
      await storing;
      const upload = await findUpload(context, principal, target, uploadId);
      if (!upload.isStored) {
        throw new RegistryError("upload-unknown", { uploadId });
      }
      return work(upload, claim);
    });
  });
}

/** Whether it was this request or another one that has stored the upload makes no difference. */
async function store({ metadata, clock }: Parts, { session }: FoundUpload): Promise<void> {
  const touched = { ...session, touchedAt: clock.now() };
  await metadata.uploads.create(touched, UPLOADS_PER_REGISTRY_MAX);
}
