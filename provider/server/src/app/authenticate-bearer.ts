import type { AnonymousPrincipal, Principal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import type { UserId } from "../domain/ids.ts";
import { CREDENTIALS_LENGTH_MAX } from "../domain/limits.ts";
import type { BearerClaims } from "../ports/token-signer.ts";
import { tokenPrincipal } from "./authenticate-token.ts";
import { userPrincipal } from "./authenticate-user.ts";
import type { Context } from "./context.ts";
import { invalidCredentials, unknownActor } from "./invalid-credentials.ts";

type Parts = Pick<
  Context,
  "metadata" | "hasher" | "signer" | "clock" | "usageNotes" | "identities"
>;

/**
 * Who presents a bearer token of ours, or the JWT of an identity provider. Ours counts for `graceSeconds` longer than it says.
 * @throws RegistryError `credentials-invalid`, `identity-without-role`, `service-unavailable`
 */
export async function authenticateBearer(
  context: Parts,
  bearer: string,
  graceSeconds: number,
): Promise<Principal> {
  if (bearer.length > CREDENTIALS_LENGTH_MAX) {
    throw new RegistryError("credentials-invalid", {});
  }
  // Our own first: they come with nearly every request. Neither kind passes for the other, since each names its issuer and its key.
  const claims = await context.signer.verify(bearer, graceSeconds);
  if (claims !== undefined) {
    return principalOf(context, claims);
  }
  const outsider = await context.identities?.signIn(bearer);
  if (outsider === undefined) {
    throw new RegistryError("credentials-invalid", {});
  }
  return outsider;
}

async function principalOf(
  context: Parts,
  { subject, grant, identity, credentialsMark }: BearerClaims,
): Promise<Principal> {
  const separator = subject.indexOf(":");
  const kind = subject.slice(0, separator < 0 ? undefined : separator);
  const id = subject.slice(separator + 1);
  switch (kind) {
    case "anonymous":
      return { kind: "anonymous", grant } satisfies AnonymousPrincipal;
    case "user": {
      const user = await context.metadata.users.findById(id as UserId);
      const principal = user && userPrincipal(context, user, grant);
      if (principal !== undefined && principal.credentialsMark === credentialsMark) {
        return principal;
      }
      break;
    }
    case "token": {
      // By the secret that was presented for it: one that was replaced, or another token that got the same id, is none of it.
      const secretHash = credentialsMark ?? "";
      const { tokens } = context.metadata;
      const token = await tokens.findBySecretHash(secretHash, context.clock.now());
      if (token?.id === id) {
        return tokenPrincipal(context, token, secretHash, grant);
      }
      break;
    }
    case "identity": {
      // However long an upload takes: who came by a JWT stays no longer than it is valid.
      if (identity !== undefined && context.identities !== undefined) {
        return context.identities.recognize(identity, grant);
      }
      break;
    }
  }
  throw invalidCredentials({ actor: unknownActor(subject), why: "gone" });
}
