import type { UserPrincipal } from "../domain/access.ts";
import { expectExpiryAhead } from "../domain/expiry.ts";
import type { RegistryId, ScopeId, TokenId } from "../domain/ids.ts";
import type { Scope } from "../domain/scope.ts";
import type { Token } from "../domain/token.ts";
import { signatureOf } from "./authorize.ts";
import type { Context } from "./context.ts";
import { expireTokens } from "./expire-tokens.ts";
import { findRegistry } from "./find-registry.ts";
import type { IssuedToken, ScopeDraft, TokenDraft } from "./token-draft.ts";

type Parts = Pick<Context, "metadata" | "hasher" | "ids" | "clock">;

/**
 * Creates a token and shows its secret, this once.
 * @throws RegistryError `access-denied`, `registry-unknown`, `token-name-taken`, `expiry-too-soon`
 */
export async function issueToken(
  context: Parts,
  principal: UserPrincipal,
  registryId: RegistryId,
  draft: TokenDraft,
): Promise<IssuedToken> {
  await findRegistry(context, principal, registryId, "manage-registries");
  return issueTokenAt(context, principal, registryId, context.ids.uuid<TokenId>(), draft);
}

/** The same under an id that the caller chose, and may use. */
export async function issueTokenAt(
  context: Parts,
  principal: UserPrincipal,
  registryId: RegistryId,
  id: TokenId,
  draft: TokenDraft,
): Promise<IssuedToken> {
  const now = context.clock.now();
  expectExpiryAhead(draft.expiresAt, undefined, now);
  // The names of expired tokens are free at once, not only when the job has run.
  await expireTokens(context);
  const secret = context.ids.tokenSecret();
  const token: Token = {
    ...draft,
    id,
    organizationId: principal.organizationId,
    registryId,
    scopes: scopesFrom(context, draft.scopes),
    lastUsedAt: undefined,
    created: signatureOf(principal, now),
    modified: undefined,
  };
  await context.metadata.tokens.create(token, context.hasher.hashTokenSecret(secret));
  return { token, secret };
}

/** Gives drafts of scopes their ids. */
export function scopesFrom(context: Pick<Context, "ids">, drafts: readonly ScopeDraft[]): Scope[] {
  return drafts.map((draft) => ({ ...draft, id: context.ids.uuid<ScopeId>() }));
}
