import type { UserPrincipal } from "../domain/access.ts";
import { expectExpiryAhead } from "../domain/expiry.ts";
import type { RegistryId, ScopeId, TokenId } from "../domain/ids.ts";
import type { Registry } from "../domain/registry.ts";
import type { Scope } from "../domain/scope.ts";
import type { Token } from "../domain/token.ts";
import { auditEvent } from "./audit-event.ts";
import { signatureOf } from "./authorize.ts";
import type { Context } from "./context.ts";
import { expireTokens } from "./expire-tokens.ts";
import { findRegistry } from "./find-registry.ts";
import {
  type IssuedToken,
  type ScopeDraft,
  type TokenDraft,
  tokenResource,
} from "./token-draft.ts";

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
  const registry = await findRegistry(context, principal, registryId, "manage-registries");
  return issueTokenAt(context, principal, registry, context.ids.uuid<TokenId>(), draft);
}

/** The same under an id that the caller chose, and may use. */
export async function issueTokenAt(
  context: Parts,
  principal: UserPrincipal,
  registry: Registry,
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
    registryId: registry.id,
    scopes: scopesFrom(context, draft.scopes),
    lastUsedAt: undefined,
    created: signatureOf(principal, now),
    modified: undefined,
  };
  const event = auditEvent(context, principal, {
    action: "token.create",
    registry,
    resource: tokenResource(token),
  });
  await context.metadata.tokens.create(token, context.hasher.hashTokenSecret(secret), event);
  return { token, secret };
}

/** Gives drafts of scopes their ids. */
export function scopesFrom(context: Pick<Context, "ids">, drafts: readonly ScopeDraft[]): Scope[] {
  return drafts.map((draft) => ({ ...draft, id: context.ids.uuid<ScopeId>() }));
}
