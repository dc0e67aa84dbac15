import type { UserPrincipal } from "../domain/access.ts";
import { expectPermission } from "./authorize.ts";
import type { Context } from "./context.ts";

/**
 * Whether a registry's name is in use, by any organization.
 * @throws RegistryError `access-denied`
 */
export async function isNameTaken(
  context: Pick<Context, "metadata">,
  principal: UserPrincipal,
  name: string,
): Promise<boolean> {
  expectPermission(principal, "browse", "registries");
  return (await context.metadata.registries.findByName(name)) !== undefined;
}
