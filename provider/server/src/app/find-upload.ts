import type { Principal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import { parseUploadId } from "../domain/ids.ts";
import type { StoredUpload } from "../ports/upload-store.ts";
import { admit, type Target } from "./admit.ts";
import { subjectOf } from "./authenticate.ts";
import type { Context } from "./context.ts";

/**
 * Finds an upload session for whoever started it; to everybody else it does not exist.
 * @throws RegistryError `upload-unknown`, and what `admit` throws
 */
export async function findUpload(
  context: Pick<Context, "metadata">,
  principal: Principal,
  target: Target,
  uploadId: string,
): Promise<StoredUpload> {
  const { registryId, repository } = await admit(context, principal, target, "push");
  const id = parseUploadId(uploadId);
  const stored = id && (await context.metadata.uploads.find(registryId, repository, id));
  if (stored?.session.startedBy !== subjectOf(principal)) {
    throw new RegistryError("upload-unknown", { uploadId });
  }
  return stored;
}
