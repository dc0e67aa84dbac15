import type { UserPrincipal } from "../domain/access.ts";
import type { CollectionRun } from "../domain/collection-run.ts";
import type { RegistryId, RunId } from "../domain/ids.ts";
import { auditEvent } from "./audit-event.ts";
import type { Context } from "./context.ts";
import { findRegistry } from "./find-registry.ts";

/**
 * Asks for a collection of a registry's garbage, or for a count of it (`isDryRun`). The job takes it up; one of the same kind that is
 * under way already is this one.
 * @throws RegistryError `access-denied`, `registry-unknown`
 */
export async function startCollection(
  context: Pick<Context, "metadata" | "clock" | "ids">,
  principal: UserPrincipal,
  registryId: RegistryId,
  isDryRun: boolean,
): Promise<CollectionRun> {
  const registry = await findRegistry(context, principal, registryId, "manage-registries");
  const id = context.ids.uuid<RunId>();
  const startedAt = context.clock.now();
  const event = auditEvent(context, principal, {
    action: "garbage-collection.start",
    registry,
    resource: { type: "garbage-collection", id, name: isDryRun ? "dry run" : "run" },
  });
  return context.metadata.collections.start({ id, registryId, isDryRun, startedAt }, event);
}
