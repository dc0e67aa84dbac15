import type { Principal, UserPrincipal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import type { Instant, RegistryId } from "../domain/ids.ts";
import type { Signature } from "../domain/registry.ts";
import { type Permission, roleAllows } from "../domain/role.ts";
import { RefusalTrace } from "./refusal-trace.ts";

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

/**
 * `registryId`: the registry that the request names, for the audit log; it need not exist.
 * @throws RegistryError `access-denied`
 */
export function expectPermission(
  principal: UserPrincipal,
  permission: Permission,
  resource: string,
  registryId?: RegistryId,
): void {
  if (!roleAllows(principal.role, permission)) {
    const registry = registryId === undefined ? undefined : { id: registryId };
    const cause = new RefusalTrace({ registry });
    throw new RegistryError("access-denied", { action: permission, resource }, { cause });
  }
}

export function signatureOf(principal: UserPrincipal, at: Instant): Signature {
  return { at, byId: principal.userId, byName: principal.email };
}
