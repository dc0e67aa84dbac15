import type {
  AnonymousPrincipal,
  Grant,
  Principal,
  TokenPrincipal,
  UserPrincipal,
} from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import type { TokenId, UserId } from "../domain/ids.ts";
import { CREDENTIALS_LENGTH_MAX } from "../domain/limits.ts";
import { isUsable, type Token } from "../domain/token.ts";
import { isTokenSecret } from "../domain/token-secret.ts";
import type { User } from "../domain/user.ts";
import type { Context } from "./context.ts";

/** What a request presents. */
export type Credentials =
  | { readonly kind: "none" }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | { readonly kind: "bearer"; readonly bearer: string };

type Parts = Pick<Context, "metadata" | "hasher" | "signer" | "clock" | "usageNotes">;

/**
 * Settles who is asking. Everything but the bearer token's signature is looked up anew each time, so that a token that was disabled,
 * narrowed, deleted or has expired stops working with this very request, whatever was issued for it before. A bearer token that was issued
 * counts for `bearerGraceSeconds` longer than it says: an upload may take longer than one lives.
 * @throws RegistryError `credentials-invalid`, the same for an unknown name, a wrong secret and a token that no longer works
 */
export async function authenticate(
  context: Parts,
  credentials: Credentials,
  bearerGraceSeconds = 0,
): Promise<Principal> {
  switch (credentials.kind) {
    case "none":
      return { kind: "anonymous" };
    case "basic":
      return authenticateBasic(context, credentials.username, credentials.password);
    case "bearer":
      return authenticateBearer(context, credentials.bearer, bearerGraceSeconds);
    default:
      return credentials satisfies never;
  }
}

/** How a principal is named in bearer tokens and upload sessions. */
export function subjectOf(principal: Principal): string {
  switch (principal.kind) {
    case "anonymous":
      return "anonymous";
    case "user":
      return `user:${principal.userId}`;
    case "token":
      return `token:${principal.tokenId}`;
    default:
      return principal satisfies never;
  }
}

async function authenticateBasic(
  context: Parts,
  username: string,
  password: string,
): Promise<Principal> {
  if (username.length + password.length > CREDENTIALS_LENGTH_MAX) {
    throw new RegistryError("credentials-invalid", {});
  }
  if (isTokenSecret(password)) {
    const hash = context.hasher.hashTokenSecret(password);
    const token = await context.metadata.tokens.findBySecretHash(hash, context.clock.now());
    if (token?.name !== username) {
      throw new RegistryError("credentials-invalid", {});
    }
    return tokenPrincipal(context, token, undefined);
  }
  const user = await context.metadata.users.findByEmail(username);
  // An unknown name costs the same time as a wrong password.
  const isRight = await context.hasher.verifyPassword(password, user?.passwordHash);
  if (user === undefined || !isRight) {
    throw new RegistryError("credentials-invalid", {});
  }
  return userPrincipal(user, undefined);
}

async function authenticateBearer(
  context: Parts,
  bearer: string,
  graceSeconds: number,
): Promise<Principal> {
  const claims =
    bearer.length > CREDENTIALS_LENGTH_MAX
      ? undefined
      : await context.signer.verify(bearer, graceSeconds);
  if (claims === undefined) {
    throw new RegistryError("credentials-invalid", {});
  }
  return principalOf(context, claims.subject, claims.grant);
}

async function principalOf(context: Parts, subject: string, grant: Grant): Promise<Principal> {
  const separator = subject.indexOf(":");
  const kind = subject.slice(0, separator < 0 ? undefined : separator);
  const id = subject.slice(separator + 1);
  switch (kind) {
    case "anonymous":
      return { kind: "anonymous", grant } satisfies AnonymousPrincipal;
    case "user": {
      const user = await context.metadata.users.findById(id as UserId);
      if (user !== undefined) {
        return userPrincipal(user, grant);
      }
      break;
    }
    case "token": {
      const token = await context.metadata.tokens.findById(id as TokenId);
      if (token !== undefined) {
        return tokenPrincipal(context, token, grant);
      }
      break;
    }
  }
  throw new RegistryError("credentials-invalid", {});
}

function userPrincipal(user: User, grant: Grant | undefined): UserPrincipal {
  return {
    kind: "user",
    organizationId: user.organizationId,
    userId: user.id,
    email: user.email,
    role: user.role,
    grant,
  };
}

function tokenPrincipal(context: Parts, token: Token, grant: Grant | undefined): TokenPrincipal {
  const now = context.clock.now();
  if (!isUsable(token, now)) {
    throw new RegistryError("credentials-invalid", {});
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
    grant,
  };
}
