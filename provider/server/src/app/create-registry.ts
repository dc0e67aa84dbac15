import type { UserPrincipal } from "../domain/access.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { Registry } from "../domain/registry.ts";
import { nextSlot } from "../domain/schedule.ts";
import { auditEvent } from "./audit-event.ts";
import { expectPermission, signatureOf } from "./authorize.ts";
import type { Context } from "./context.ts";
import { expectLocation, type RegistryDraft, type RegistryReport } from "./registry-draft.ts";

type Parts = Pick<Context, "metadata" | "keys" | "ids" | "clock" | "settings">;

/**
 * Creates a registry with its data key. It is usable when this resolves; the answer that creates it still calls it `New`, as the
 * contract's clients expect to see it change.
 * @throws RegistryError `access-denied`, `location-unknown`, `registry-name-taken`, `registry-ports-exhausted`
 */
export async function createRegistry(
  context: Parts,
  principal: UserPrincipal,
  draft: RegistryDraft,
): Promise<RegistryReport> {
  expectPermission(principal, "manage-registries", "registries");
  return createRegistryAt(context, principal, context.ids.uuid<RegistryId>(), draft);
}

/** The same under an id that the caller chose, and may use. */
export async function createRegistryAt(
  context: Parts,
  principal: UserPrincipal,
  id: RegistryId,
  draft: RegistryDraft,
): Promise<RegistryReport> {
  expectLocation(context.settings, draft.location);
  const now = context.clock.now();
  const registry: Registry = {
    ...draft,
    id,
    organizationId: principal.organizationId,
    state: "Running",
    created: signatureOf(principal, now),
    modified: undefined,
    // Starting at the time, revisions do not repeat where an id is used again after a deletion.
    revision: now,
  };
  const key = await context.keys.create(id);
  const event = auditEvent(context, principal, {
    action: "registry.create",
    registry,
    resource: { type: "registry", id, name: registry.name },
  });
  const ports = context.settings.registryPorts;
  await context.metadata.registries.create({ ...registry, ports }, key, event);
  const stored = ports && (await context.metadata.registries.find(registry.organizationId, id));
  const nextAt = registry.schedule && nextSlot(registry.schedule, now);
  return {
    registry: stored ?? registry,
    usage: { bytes: 0 },
    state: "New",
    collection: { last: undefined, nextAt },
  };
}
