import type { Principal } from "../domain/access.ts";
import type { DigestAlgorithm } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import { parseUploadId, type UploadId } from "../domain/ids.ts";
import { UPLOADS_PER_REGISTRY_MAX } from "../domain/limits.ts";
import { admit, type Target } from "./admit.ts";
import { subjectOf } from "./authenticate.ts";
import type { Context } from "./context.ts";
import { type FoundUpload, findUpload } from "./find-upload.ts";
import { claimUpload } from "./upload-claim.ts";
import { UploadInHand } from "./upload-in-hand.ts";

type Parts = Pick<
  Context,
  "metadata" | "keys" | "blobs" | "sealer" | "clock" | "ids" | "events" | "liveUploads"
>;

/**
 * Does work on an upload while no other request, of whatever worker or process, does: first those of this process take turns, then the
 * claim keeps the others off. What this worker still holds from the request before is at hand already. The upload is stored from then
 * on: what its bytes rely on is spared by the collector for as long as it lasts, and its file by the sweep.
 *
 * Where `work` does not hold the upload open, it is closed.
 * @throws RegistryError `upload-busy`, `uploads-exhausted`, and what `findUpload` throws
 */
export async function inTurn<T>(
  context: Parts,
  principal: Principal,
  target: Target,
  uploadId: string,
  algorithm: DigestAlgorithm,
  work: (upload: UploadInHand) => Promise<T>,
): Promise<T> {
  const id = parseUploadId(uploadId);
  if (id === undefined) {
    throw new RegistryError("upload-unknown", { uploadId });
  }
  const { registryId, repository } = await admit(context, principal, target, "push");
  const owner = { registryId, repository, startedBy: subjectOf(principal) };
  const { liveUploads } = context;
  const find = () => findUpload(context, principal, target, uploadId);
  const isAtHand = () => {
    const held = liveUploads.held(id);
    return held instanceof UploadInHand && held.belongsTo(owner) && held.claim.isHeld();
  };
  // Nobody waits for, or takes, what is not his.
  const found = isAtHand() ? undefined : await find();
  return liveUploads.exclusively(id, async () => {
    const isStillAtHand = isAtHand();
    const held = liveUploads.takeHeld(id);
    if (!isStillAtHand) {
      await held?.letGo();
    }
    const upload =
      isStillAtHand && held instanceof UploadInHand
        ? held
        : await take(context, id, found ?? (await find()), { find, algorithm });
    try {
      return await work(upload);
    } finally {
      if (liveUploads.held(id) !== upload) {
        await upload.letGo();
      }
    }
  });
}

/** Claims an upload and opens it; where it is not stored yet, one commit covers both that and the claim. */
async function take(
  context: Parts,
  id: UploadId,
  found: FoundUpload,
  { find, algorithm }: { find: () => Promise<FoundUpload>; algorithm: DigestAlgorithm },
): Promise<UploadInHand> {
  const storing = found.isStored ? undefined : store(context, found);
  storing?.catch(() => {});
  const claim = await claimUpload(context, id);
  try {
    await storing;
    return await UploadInHand.open(context, await findStored(find), claim, algorithm);
  } catch (error) {
    claim.giveBack();
    throw error;
  }
}

/** Whether it was this request or another one that has stored the upload makes no difference. */
async function store({ metadata, clock }: Parts, { session }: FoundUpload): Promise<void> {
  const touched = { ...session, touchedAt: clock.now() };
  await metadata.uploads.create(touched, UPLOADS_PER_REGISTRY_MAX);
}

async function findStored(find: () => Promise<FoundUpload>): Promise<FoundUpload> {
  const upload = await find();
  if (!upload.isStored) {
    throw new RegistryError("upload-unknown", { uploadId: upload.session.id });
  }
  return upload;
}
