import type { UserPrincipal } from "../domain/access.ts";
import { auditEvent } from "./audit-event.ts";
import type { Context } from "./context.ts";
import { findToken, type TokenAddress, tokenUnknown } from "./find-registry.ts";
import { tokenResource } from "./token-draft.ts";

/**
 * Deletes a token; its id and name are free at once.
 * @throws RegistryError `access-denied`, `registry-unknown`, `token-unknown`
 */
export async function deleteToken(
  context: Pick<Context, "metadata" | "clock" | "ids">,
  principal: UserPrincipal,
  address: TokenAddress,
): Promise<void> {
  const { registryId, tokenId } = address;
  const found = await findToken(context, principal, address, "manage-registries");
  const event = auditEvent(context, principal, {
    action: "token.delete",
    registry: { id: registryId },
    resource: tokenResource(found),
  });
  if (!(await context.metadata.tokens.remove(registryId, tokenId, event))) {
    throw tokenUnknown(tokenId);
  }
}
