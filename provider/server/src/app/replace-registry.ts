import type { UserPrincipal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { Registry } from "../domain/registry.ts";
import { expectPermission } from "./authorize.ts";
import { changeRegistry } from "./change-registry.ts";
import type { Context } from "./context.ts";
import { createRegistryAt } from "./create-registry.ts";
import type { ExpectedRevisions, RegistryDraft, RegistryReport } from "./registry-draft.ts";

/**
 * Makes the registry of that id look like the draft; creates it where there is none.
 * @throws RegistryError `access-denied`, `registry-immutable` (name, location), `registry-changed`, and what creating and changing throw
 */
export async function replaceRegistry(
  context: Pick<Context, "metadata" | "keys" | "ids" | "clock" | "settings">,
  principal: UserPrincipal,
  id: RegistryId,
  draft: RegistryDraft,
  expected: ExpectedRevisions | undefined,
): Promise<RegistryReport> {
  expectPermission(principal, "manage-registries", `registry ${id}`, id);
  const found = await context.metadata.registries.find(principal.organizationId, id);
  if (found === undefined) {
    if (expected !== undefined) {
      throw new RegistryError("registry-changed", { registry: id });
    }
    return createRegistryAt(context, principal, id, draft);
  }
  expectSameIdentity(found, draft);
  const { name: _name, location: _location, schedule, ...rest } = draft;
  const changes = { ...rest, schedule: schedule ?? null };
  return changeRegistry(context, principal, id, changes, expected);
}

function expectSameIdentity(found: Registry, draft: RegistryDraft): void {
  for (const field of ["name", "location"] as const) {
    if (draft[field] !== found[field]) {
      throw new RegistryError("registry-immutable", { field });
    }
  }
}
