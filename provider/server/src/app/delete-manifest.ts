import type { Principal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import { parseExistingReference } from "../domain/reference.ts";
import { admit, type Target } from "./admit.ts";
import { auditEvent } from "./audit-event.ts";
import { awaitWritable } from "./await-writable.ts";
import type { Context } from "./context.ts";

/**
 * Deletes a manifest by its digest, with all tags that point at it, or one tag (distribution-spec 1.1, "Deleting tags", "Deleting manifests").
 * @throws RegistryError `digest-invalid`, `manifest-unknown`, and what `admit` and `awaitWritable` throw
 */
export async function deleteManifest(
  context: Pick<Context, "metadata" | "clock" | "ids" | "settings">,
  principal: Principal,
  target: Target,
  reference: string,
): Promise<void> {
  const { registry, registryId, repository } = await admit(context, principal, target, "delete");
  const { manifests } = context.metadata;
  const named = parseExistingReference(reference);
  await awaitWritable(context, registry);
  const event = auditEvent(context, principal, {
    action: "content.delete",
    organizationId: registry.organizationId,
    registry,
    resource:
      named.kind === "tag"
        ? { type: "tag", name: `${repository}:${named.tag}` }
        : { type: "manifest", name: `${repository}@${named.digest}` },
  });
  const isDeleted =
    named.kind === "tag"
      ? await manifests.removeTag(registryId, repository, named.tag, event)
      : await manifests.remove(registryId, repository, named.digest, event);
  if (!isDeleted) {
    throw new RegistryError("manifest-unknown", { reference });
  }
}
