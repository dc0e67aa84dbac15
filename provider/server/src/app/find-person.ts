import type { UserPrincipal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import type { UserId } from "../domain/ids.ts";
import type { Role } from "../domain/role.ts";
import type { User } from "../domain/user.ts";
import { expectPermission } from "./authorize.ts";
import type { Context } from "./context.ts";

/**
 * The person that a management request names. One of another organization is absent.
 * @throws RegistryError `access-denied`, `user-unknown`
 */
export async function findPerson(
  context: Pick<Context, "metadata">,
  principal: UserPrincipal,
  id: UserId,
): Promise<User> {
  expectPermission(principal, "manage-people", "users");
  const user = await context.metadata.users.find(principal.organizationId, id);
  if (user === undefined) {
    throw userUnknown(id);
  }
  return user;
}

export function userUnknown(id: UserId): RegistryError {
  return new RegistryError("user-unknown", { user: id });
}

/**
 * Owners are made, changed and removed by owners alone: an admin who could set an owner's password, or become one, would be one.
 * @throws RegistryError `access-denied`
 */
export function expectRightOver(
  principal: UserPrincipal,
  ...roles: readonly (Role | undefined)[]
): void {
  if (roles.includes("owner")) {
    expectPermission(principal, "manage-owners", "an owner");
  }
}
