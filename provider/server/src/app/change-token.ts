import type { UserPrincipal } from "../domain/access.ts";
import { expectExpiryAhead } from "../domain/expiry.ts";
import type { Instant } from "../domain/ids.ts";
import type { Token } from "../domain/token.ts";
import { auditEvent, changedFields } from "./audit-event.ts";
import { signatureOf } from "./authorize.ts";
import type { Context } from "./context.ts";
import { findToken, type TokenAddress, tokenUnknown } from "./find-registry.ts";
import { scopesFrom } from "./issue-token.ts";
import { type ScopeDraft, TOKEN_FIELDS, type TokenDraft, tokenResource } from "./token-draft.ts";

/** What to change of a token; a field left out stays. `null` removes an expiry date or a description. `scopes` replaces all of them. */
export type TokenChange = Partial<Pick<TokenDraft, "status" | "isOneTime">> & {
  readonly scopes?: readonly ScopeDraft[];
  readonly expiresAt?: Instant | null;
  readonly description?: string | null;
};

/**
 * Changes what is named and leaves the rest. The secret stays.
 * @throws RegistryError `access-denied`, `registry-unknown`, `token-unknown`, `expiry-too-soon`
 */
export async function changeToken(
  context: Pick<Context, "metadata" | "ids" | "clock">,
  principal: UserPrincipal,
  address: TokenAddress,
  change: TokenChange,
): Promise<Token> {
  const found = await findToken(context, principal, address, "manage-registries");
  const now = context.clock.now();
  expectExpiryAhead(change.expiresAt ?? undefined, found.expiresAt, now);
  const { scopes, ...others } = change;
  const before = { ...found, scopes: found.scopes.map(({ id: _id, ...scope }) => scope) };
  const event = auditEvent(context, principal, {
    action: "token.change",
    registry: { id: address.registryId },
    resource: tokenResource(found),
    changes: changedFields(TOKEN_FIELDS, before, change),
  });
  const changed = await context.metadata.tokens.update(
    address.registryId,
    address.tokenId,
    scopes === undefined ? others : { ...others, scopes: scopesFrom(context, scopes) },
    signatureOf(principal, now),
    event,
  );
  if (changed === undefined) {
    throw tokenUnknown(address.tokenId);
  }
  return changed;
}
