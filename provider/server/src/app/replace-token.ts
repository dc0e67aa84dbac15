import type { UserPrincipal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import { isExpired } from "../domain/token.ts";
import { changeToken } from "./change-token.ts";
import type { Context } from "./context.ts";
import { findRegistry, type TokenAddress } from "./find-registry.ts";
import { issueTokenAt } from "./issue-token.ts";
import type { IssuedToken, TokenDraft } from "./token-draft.ts";

/**
 * Makes the token of that id look like the draft and keeps its secret; issues it, with a new secret, where there is none.
 * @throws RegistryError `access-denied`, `registry-unknown`, `token-immutable` (name), and what issuing and changing throw
 */
export async function replaceToken(
  context: Pick<Context, "metadata" | "hasher" | "ids" | "clock">,
  principal: UserPrincipal,
  address: TokenAddress,
  draft: TokenDraft,
): Promise<IssuedToken> {
  const { registryId, tokenId } = address;
  const registry = await findRegistry(context, principal, registryId, "manage-registries");
  const found = await context.metadata.tokens.find(registryId, tokenId);
  if (found === undefined || isExpired(found, context.clock.now())) {
    return issueTokenAt(context, principal, registry, tokenId, draft);
  }
  const { name, expiresAt, description, ...others } = draft;
  if (name !== found.name) {
    throw new RegistryError("token-immutable", { field: "name" });
  }
  const token = await changeToken(context, principal, address, {
    ...others,
    expiresAt: expiresAt ?? null,
    description: description ?? null,
  });
  return { token, secret: undefined };
}
