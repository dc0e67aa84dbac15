import type { UserPrincipal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import type { RegistryId, TokenId } from "../domain/ids.ts";
import type { Registry } from "../domain/registry.ts";
import type { Permission } from "../domain/role.ts";
import { isExpired, type Token } from "../domain/token.ts";
import { expectPermission } from "./authorize.ts";
import type { Context } from "./context.ts";

/**
 * The registry that a management request names. One of another organization is absent.
 * @throws RegistryError `access-denied`, `registry-unknown`
 */
export async function findRegistry(
  context: Pick<Context, "metadata">,
  principal: UserPrincipal,
  id: RegistryId,
  permission: Permission,
): Promise<Registry> {
  expectPermission(principal, permission, `registry ${id}`, id);
  const registry = await context.metadata.registries.find(principal.organizationId, id);
  if (registry === undefined) {
    throw new RegistryError("registry-unknown", { registry: id });
  }
  return registry;
}

/** Names a token, for a request that is about it or its scopes. */
export interface TokenAddress {
  readonly registryId: RegistryId;
  readonly tokenId: TokenId;
}

/**
 * The token that a management request names. An expired one is absent, whether its row is still there or not.
 * @throws RegistryError `access-denied`, `registry-unknown`, `token-unknown`
 */
export async function findToken(
  context: Pick<Context, "metadata" | "clock">,
  principal: UserPrincipal,
  address: TokenAddress,
  permission: Permission,
): Promise<Token> {
  await findRegistry(context, principal, address.registryId, permission);
  const token = await context.metadata.tokens.find(address.registryId, address.tokenId);
  if (token === undefined || isExpired(token, context.clock.now())) {
    throw tokenUnknown(address.tokenId);
  }
  return token;
}

export function tokenUnknown(id: TokenId): RegistryError {
  return new RegistryError("token-unknown", { token: id });
}
