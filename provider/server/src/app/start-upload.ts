import type { Principal } from "../domain/access.ts";
import type { UploadId } from "../domain/ids.ts";
import { admit, type Target } from "./admit.ts";
import { subjectOf } from "./authenticate.ts";
import { awaitWritable } from "./await-writable.ts";
import type { Context } from "./context.ts";
import { issueUploadId } from "./upload-ids.ts";

/**
 * Starts an upload session (distribution-spec 1.1, "Pushing blobs"): all there is of it is its id, until bytes come.
 * @throws RegistryError what `admit` and `awaitWritable` throw
 */
export async function startUpload(
  context: Pick<Context, "metadata" | "keys" | "ids" | "clock" | "settings">,
  principal: Principal,
  target: Target,
): Promise<{ readonly id: UploadId; readonly offset: 0 }> {
  const { registry, registryId, repository } = await admit(context, principal, target, "push");
  await awaitWritable(context, registry);
  const owner = { registryId, repository, startedBy: subjectOf(principal) };
  return { id: await issueUploadId(context, owner), offset: 0 };
}
