import type { UserPrincipal } from "../domain/access.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { Registry } from "../domain/registry.ts";
import type { Context } from "./context.ts";
import { findRegistry } from "./find-registry.ts";
import type { RegistryReport } from "./registry-draft.ts";

/** @throws RegistryError `access-denied`, `registry-unknown` */
export async function getRegistry(
  context: Pick<Context, "metadata">,
  principal: UserPrincipal,
  id: RegistryId,
): Promise<RegistryReport> {
  return reportOn(context, await findRegistry(context, principal, id, "browse"));
}

/** Adds what a registry holds. */
export async function reportOn(
  context: Pick<Context, "metadata">,
  registry: Registry,
): Promise<RegistryReport> {
  const usage = await context.metadata.registries.usage(registry.organizationId, registry.id);
  return { registry, usage };
}
