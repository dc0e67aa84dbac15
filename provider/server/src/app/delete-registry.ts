import type { UserPrincipal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import type { RegistryId } from "../domain/ids.ts";
import { auditEvent } from "./audit-event.ts";
import type { Context } from "./context.ts";
import { findRegistry } from "./find-registry.ts";
import { type ExpectedRevisions, revisionToMatch } from "./registry-draft.ts";
import { removeUnnamedBytes } from "./remove-unnamed-bytes.ts";

/**
 * Deletes a registry with all that it holds. In this order: its row and with it the wrapped data key, so that from now on nothing of it
 * can be found or read; the key in memory; the bytes. What a crash, or a failure to remove bytes, leaves behind is unreadable, and
 * `sweepRegistries` removes it.
 * @throws RegistryError `access-denied`, `registry-unknown`, `registry-protected`, `registry-changed`
 */
export async function deleteRegistry(
  context: Pick<Context, "metadata" | "keys" | "blobs" | "events" | "ids" | "clock">,
  principal: UserPrincipal,
  id: RegistryId,
  expected: ExpectedRevisions | undefined,
): Promise<void> {
  const found = await findRegistry(context, principal, id, "manage-registries");
  const revision = revisionToMatch(found, expected);
  const { registries } = context.metadata;
  const event = auditEvent(context, principal, {
    action: "registry.delete",
    registry: found,
    resource: { type: "registry", id, name: found.name },
  });
  if (!(await registries.remove(principal.organizationId, id, revision, event))) {
    throw new RegistryError("registry-unknown", { registry: id });
  }
  context.keys.forget(id);
  try {
    await removeUnnamedBytes(context, id);
  } catch (error) {
    context.events.error("registry-bytes-left-behind", error, { registryId: id });
  }
}
