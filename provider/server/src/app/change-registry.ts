import type { UserPrincipal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { RegistryChanges } from "../ports/registry-store.ts";
import { auditEvent, changedFields } from "./audit-event.ts";
import { signatureOf } from "./authorize.ts";
import type { Context } from "./context.ts";
import { findRegistry } from "./find-registry.ts";
import { reportOn } from "./get-registry.ts";
import {
  type ExpectedRevisions,
  REGISTRY_FIELDS,
  type RegistryReport,
  revisionToMatch,
  scanningChange,
} from "./registry-draft.ts";

/** What a client may ask to change; the state follows from what happens to a registry. */
export type RequestedChanges = Omit<RegistryChanges, "state">;

/**
 * Changes what is named and leaves the rest.
 * @throws RegistryError `access-denied`, `registry-unknown`, `registry-changed`, `scanning-cannot-be-disabled`
 */
export async function changeRegistry(
  context: Pick<Context, "metadata" | "clock" | "ids">,
  principal: UserPrincipal,
  id: RegistryId,
  changes: RequestedChanges,
  expected: ExpectedRevisions | undefined,
): Promise<RegistryReport> {
  const found = await findRegistry(context, principal, id, "manage-registries");
  const { isScanned, ...others } = changes;
  const event = auditEvent(context, principal, {
    action: "registry.change",
    registry: found,
    resource: { type: "registry", id, name: found.name },
    changes: changedFields(REGISTRY_FIELDS, found, changes),
  });
  const changed = await context.metadata.registries.update(
    principal.organizationId,
    id,
    { ...others, ...scanningChange(found, isScanned) },
    signatureOf(principal, context.clock.now()),
    revisionToMatch(found, expected),
    event,
  );
  if (changed === undefined) {
    throw new RegistryError("registry-unknown", { registry: id });
  }
  return reportOn(context, changed);
}
