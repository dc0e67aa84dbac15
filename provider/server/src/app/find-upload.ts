import type { Principal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import { parseUploadId } from "../domain/ids.ts";
import type { StoredUpload } from "../ports/upload-store.ts";
import { admit, type Target } from "./admit.ts";
import { subjectOf } from "./authenticate.ts";
import type { Context } from "./context.ts";
import { uploadIdIssuedAt } from "./upload-ids.ts";

/** An upload as it is stored, or as it would be. */
export interface FoundUpload extends StoredUpload {
  readonly isStored: boolean;
}

/**
 * Finds an upload session for whoever started it; to everybody else it does not exist.
 * @throws RegistryError `upload-unknown`, and what `admit` throws
 */
export async function findUpload(
  context: Pick<Context, "metadata" | "keys" | "ids" | "clock">,
  principal: Principal,
  target: Target,
  uploadId: string,
): Promise<FoundUpload> {
  const found = await findUnlessEnded(context, principal, target, uploadId);
  if (!found.isStored && (await context.metadata.uploads.hasEnded(found.session))) {
    throw new RegistryError("upload-unknown", { uploadId });
  }
  return found;
}

/** The same for who finds out later whether one that is not stored has ended. */
export async function findUnlessEnded(
  context: Pick<Context, "metadata" | "keys" | "ids" | "clock">,
  principal: Principal,
  target: Target,
  uploadId: string,
): Promise<FoundUpload> {
  const { registryId, repository } = await admit(context, principal, target, "push");
  const startedBy = subjectOf(principal);
  const id = parseUploadId(uploadId);
  if (id === undefined) {
    throw new RegistryError("upload-unknown", { uploadId });
  }
  const stored = await context.metadata.uploads.find(registryId, repository, id);
  if (stored?.session.startedBy === startedBy) {
    return { ...stored, isStored: true };
  }
  const startedAt = await uploadIdIssuedAt(context, { registryId, repository, startedBy }, id);
  if (startedAt === undefined) {
    throw new RegistryError("upload-unknown", { uploadId });
  }
  const session = {
    id,
    registryId,
    repository,
    startedBy,
    storageKey: context.ids.storageKey(),
    offset: 0,
    startedAt,
    touchedAt: startedAt,
  };
  return { session, rest: undefined, isStored: false };
}
