import type { UserPrincipal } from "../domain/access.ts";
import type { RegistryId } from "../domain/ids.ts";
import { type Registry, stateAt } from "../domain/registry.ts";
import { nextSlot } from "../domain/schedule.ts";
import type { Context } from "./context.ts";
import { findRegistry } from "./find-registry.ts";
import type { RegistryReport } from "./registry-draft.ts";

/** @throws RegistryError `access-denied`, `registry-unknown` */
export async function getRegistry(
  context: Pick<Context, "metadata" | "clock">,
  principal: UserPrincipal,
  id: RegistryId,
): Promise<RegistryReport> {
  return reportOn(context, await findRegistry(context, principal, id, "browse"));
}

/** Adds what a registry holds, and what happens to it. */
export async function reportOn(
  context: Pick<Context, "metadata" | "clock">,
  registry: Registry,
): Promise<RegistryReport> {
  const { id, organizationId, schedule } = registry;
  const now = context.clock.now();
  const usage = await context.metadata.registries.usage(organizationId, id);
  const last = await context.metadata.collections.latest(id);
  const nextAt = schedule && nextSlot(schedule, now);
  return { registry, usage, state: stateAt(registry, now), collection: { last, nextAt } };
}
