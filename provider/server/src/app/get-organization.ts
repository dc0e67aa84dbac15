import type { UserPrincipal } from "../domain/access.ts";
import type { Organization } from "../ports/user-store.ts";
import { expectPermission } from "./authorize.ts";
import type { Context } from "./context.ts";

/**
 * The caller's own organization.
 * @throws RegistryError `access-denied`
 */
export async function getOrganization(
  context: Pick<Context, "metadata">,
  principal: UserPrincipal,
): Promise<Organization> {
  expectPermission(principal, "browse", "the organization");
  const organization = await context.metadata.users.organization(principal.organizationId);
  if (organization === undefined) {
    throw new Error("a person belongs to an organization that does not exist");
  }
  return organization;
}
