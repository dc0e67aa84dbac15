import type { UserPrincipal } from "../domain/access.ts";
import type { Context } from "./context.ts";
import { findToken, type TokenAddress, tokenUnknown } from "./find-registry.ts";

/**
 * Deletes a token; its id and name are free at once.
 * @throws RegistryError `access-denied`, `registry-unknown`, `token-unknown`
 */
export async function deleteToken(
  context: Pick<Context, "metadata" | "clock">,
  principal: UserPrincipal,
  address: TokenAddress,
): Promise<void> {
  await findToken(context, principal, address, "manage-registries");
  if (!(await context.metadata.tokens.remove(address.registryId, address.tokenId))) {
    throw tokenUnknown(address.tokenId);
  }
}
