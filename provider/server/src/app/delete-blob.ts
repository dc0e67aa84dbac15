import type { Principal } from "../domain/access.ts";
import { parseDigest } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import { admit, type Target } from "./admit.ts";
import { auditEvent } from "./audit-event.ts";
import { awaitWritable } from "./await-writable.ts";
import type { Context } from "./context.ts";

/**
 * Takes a blob out of one repository (distribution-spec 1.1, "Deleting Blobs"). Repositories that share it keep it; its bytes go when
 * garbage is collected.
 * @throws RegistryError `digest-invalid`, `blob-unknown`, and what `admit` and `awaitWritable` throw
 */
export async function deleteBlob(
  context: Pick<Context, "metadata" | "clock" | "ids" | "settings">,
  principal: Principal,
  target: Target,
  reference: string,
): Promise<void> {
  const { registry, registryId, repository } = await admit(context, principal, target, "delete");
  const digest = parseDigest(reference);
  await awaitWritable(context, registry);
  const event = auditEvent(context, principal, {
    action: "content.delete",
    organizationId: registry.organizationId,
    registry,
    resource: { type: "blob", name: `${repository}@${digest}` },
  });
  if (!(await context.metadata.blobs.unlink(registryId, repository, digest, event))) {
    throw new RegistryError("blob-unknown", { digest });
  }
}
