import type { UserPrincipal } from "../domain/access.ts";
import { ORGANIZATION_USAGE_ENTRIES_MAX } from "../domain/limits.ts";
import type { RegistryBytes } from "../ports/content-browser.ts";
import type { Organization } from "../ports/organization-store.ts";
import { expectPermission } from "./authorize.ts";
import type { Context } from "./context.ts";

export interface OrganizationReport {
  readonly organization: Organization;
  /** What each of its registries stores, by name; the first ones of very many. */
  readonly usage: readonly RegistryBytes[];
}

/**
 * The caller's own organization.
 * @throws RegistryError `access-denied`
 */
export async function getOrganization(
  context: Pick<Context, "metadata">,
  principal: UserPrincipal,
): Promise<OrganizationReport> {
  expectPermission(principal, "browse", "the organization");
  const { organizationId } = principal;
  const { organizations, content } = context.metadata;
  const organization = await organizations.find(organizationId);
  if (organization === undefined) {
    throw new Error("a person belongs to an organization that does not exist");
  }
  const usage = await content.bytesByRegistry(organizationId, ORGANIZATION_USAGE_ENTRIES_MAX);
  return { organization, usage };
}
