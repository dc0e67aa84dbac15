import type { UserPrincipal } from "../domain/access.ts";
import { auditEvent } from "./audit-event.ts";
import { signatureOf } from "./authorize.ts";
import type { Context } from "./context.ts";
import { findToken, type TokenAddress, tokenUnknown } from "./find-registry.ts";
import { type IssuedToken, tokenResource } from "./token-draft.ts";

/**
 * Gives a token a new secret under its id and name. The old one works on for `gracePeriodSeconds`, and stops at once where that is 0.
 * @throws RegistryError `access-denied`, `registry-unknown`, `token-unknown`
 */
export async function rotateToken(
  context: Pick<Context, "metadata" | "hasher" | "ids" | "clock">,
  principal: UserPrincipal,
  address: TokenAddress,
  gracePeriodSeconds: number,
): Promise<IssuedToken> {
  const found = await findToken(context, principal, address, "manage-registries");
  const now = context.clock.now();
  const secret = context.ids.tokenSecret();
  const event = auditEvent(context, principal, {
    action: "token.rotate",
    registry: { id: address.registryId },
    resource: tokenResource(found),
    changes: ["credentials"],
  });
  const token = await context.metadata.tokens.rotate(
    address.registryId,
    address.tokenId,
    context.hasher.hashTokenSecret(secret),
    gracePeriodSeconds === 0 ? undefined : now + gracePeriodSeconds * 1000,
    signatureOf(principal, now),
    event,
  );
  if (token === undefined) {
    throw tokenUnknown(address.tokenId);
  }
  return { token, secret };
}
