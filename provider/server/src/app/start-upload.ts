import type { Principal } from "../domain/access.ts";
import { UPLOADS_PER_REGISTRY_MAX } from "../domain/limits.ts";
import type { UploadSession } from "../domain/upload-session.ts";
import { admit, type Target } from "./admit.ts";
import { subjectOf } from "./authenticate.ts";
import { awaitWritable } from "./await-writable.ts";
import type { Context } from "./context.ts";

/**
 * Starts an upload session (distribution-spec 1.1, "Pushing blobs").
 * @throws RegistryError `uploads-exhausted`, and what `admit` and `awaitWritable` throw
 */
export async function startUpload(
  context: Pick<Context, "metadata" | "ids" | "clock" | "settings">,
  principal: Principal,
  target: Target,
): Promise<UploadSession> {
  const { registry, registryId, repository } = await admit(context, principal, target, "push");
  await awaitWritable(context, registry);
  const now = context.clock.now();
  const session: UploadSession = {
    id: context.ids.uploadId(),
    registryId,
    repository,
    startedBy: subjectOf(principal),
    storageKey: context.ids.storageKey(),
    offset: 0,
    startedAt: now,
    touchedAt: now,
  };
  await context.metadata.uploads.create(session, UPLOADS_PER_REGISTRY_MAX);
  return session;
}
