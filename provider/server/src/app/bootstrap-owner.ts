import type { OrganizationId, UserId } from "../domain/ids.ts";
import type { Organization } from "../ports/user-store.ts";
import type { Context } from "./context.ts";

/** The first organization's contract number; later ones count on from it. */
const CONTRACT_NUMBER_FIRST = 1;

export interface FirstOwner {
  readonly email: string;
  readonly password: string;
}

/**
 * The very first start: stores an organization and its owner. Returns whether it did: where somebody is there already, also when several
 * processes start at once, nothing changes, the password included.
 */
export async function bootstrapOwner(
  context: Pick<Context, "metadata" | "hasher" | "ids" | "clock">,
  owner: FirstOwner,
): Promise<boolean> {
  const { users } = context.metadata;
  if ((await users.findByEmail(owner.email)) !== undefined) {
    return false;
  }
  const organization: Organization = {
    id: context.ids.uuid<OrganizationId>(),
    name: owner.email.slice(owner.email.indexOf("@") + 1),
    contractNumber: CONTRACT_NUMBER_FIRST,
  };
  return users.bootstrap(organization, {
    id: context.ids.uuid<UserId>(),
    organizationId: organization.id,
    email: owner.email,
    displayName: undefined,
    role: "owner",
    passwordHash: await context.hasher.hashPassword(owner.password),
    createdAt: context.clock.now(),
  });
}
