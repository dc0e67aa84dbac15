import type { Grant, TokenPrincipal } from "../domain/access.ts";
import { type AtOnce, goOn } from "../domain/at-once.ts";
import { isUsable, type Token } from "../domain/token.ts";
import type { Context } from "./context.ts";
import { invalidCredentials, unknownActor } from "./invalid-credentials.ts";
import type { RefusalTrace } from "./refusal-trace.ts";

type Parts = Pick<Context, "metadata" | "clock" | "usageNotes">;

/**
 * Who presents a token's name and secret. At once where the token is known.
 * @throws RegistryError `credentials-invalid`
 */
export function authenticateToken(
  context: Parts,
  name: string,
  secretHash: string,
): AtOnce<TokenPrincipal> {
  const found = context.metadata.tokens.findBySecretHash(secretHash, context.clock.now());
  return goOn(found, (token) => {
    if (token === undefined) {
      throw invalidCredentials({ actor: unknownActor(name), why: "secret-unknown" });
    }
    if (token.name !== name) {
      throw invalidCredentials({ ...traceOfToken(token), why: "name-wrong" });
    }
    return tokenPrincipal(context, token, secretHash, undefined);
  });
}

/**
 * The holder of a token, as it stands now. `credentialsMark`: what ties a bearer token to the secret that it was issued for.
 * @throws RegistryError `credentials-invalid` when it is disabled or has expired
 */
export function tokenPrincipal(
  context: Pick<Parts, "clock" | "usageNotes">,
  token: Token,
  credentialsMark: string,
  grant: Grant | undefined,
): TokenPrincipal {
  const now = context.clock.now();
  if (!isUsable(token, now)) {
    const why = token.status === "enabled" ? "token-expired" : "token-disabled";
    throw invalidCredentials({ ...traceOfToken(token), why });
  }
  context.usageNotes.tokenUsed(token.id, now);
  return {
    kind: "token",
    organizationId: token.organizationId,
    registryId: token.registryId,
    tokenId: token.id,
    name: token.name,
    scopes: token.scopes,
    isOneTime: token.isOneTime,
    credentialsMark,
    grant,
  };
}

function traceOfToken({ id, name, organizationId, registryId }: Token): Partial<RefusalTrace> {
  return { actor: { kind: "token", id, name }, organizationId, registry: { id: registryId } };
}
