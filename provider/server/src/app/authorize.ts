import type { Principal, UserPrincipal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import type { Instant } from "../domain/ids.ts";
import type { Signature } from "../domain/registry.ts";
import { type Permission, roleAllows } from "../domain/role.ts";

/**
 * The gate of the management API: only people pass, with their own credentials. A bearer token of the data plane was issued for less.
 * @throws RegistryError `credentials-missing`, `access-denied`
 */
export function expectUser(principal: Principal): UserPrincipal {
  if (principal.kind === "anonymous") {
    throw new RegistryError("credentials-missing", {});
  }
  if (principal.kind !== "user" || principal.grant !== undefined) {
    throw new RegistryError("access-denied", {
      action: "requests",
      resource: "the management API; use the credentials of a person",
    });
  }
  return principal;
}

/** @throws RegistryError `access-denied` */
export function expectPermission(
  principal: UserPrincipal,
  permission: Permission,
  resource: string,
): void {
  if (!roleAllows(principal.role, permission)) {
    throw new RegistryError("access-denied", { action: permission, resource });
  }
}

export function signatureOf(principal: UserPrincipal, at: Instant): Signature {
  return { at, byId: principal.userId, byName: principal.email };
}
