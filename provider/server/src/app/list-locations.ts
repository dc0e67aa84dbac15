import type { UserPrincipal } from "../domain/access.ts";
import { expectPermission } from "./authorize.ts";
import type { Context } from "./context.ts";

/** @throws RegistryError `access-denied` */
export async function listLocations(
  context: Pick<Context, "settings">,
  principal: UserPrincipal,
): Promise<readonly string[]> {
  expectPermission(principal, "browse", "locations");
  return context.settings.locations;
}
