import type {
  AnonymousPrincipal,
  Grant,
  Principal,
  TokenPrincipal,
  UserPrincipal,
} from "../domain/access.ts";
import { type AtOnce, goOn } from "../domain/at-once.ts";
import type { AuditActor } from "../domain/audit.ts";
import { isRefusal, RegistryError } from "../domain/errors.ts";
import type { UserId } from "../domain/ids.ts";
import {
  BEARER_UPLOAD_GRACE_SECONDS,
  CREDENTIALS_LENGTH_MAX,
  PASSWORD_LENGTH_MAX,
} from "../domain/limits.ts";
import { isUsable, type Token } from "../domain/token.ts";
import { isTokenSecret } from "../domain/token-secret.ts";
import type { User } from "../domain/user.ts";
import type { BearerClaims } from "../ports/token-signer.ts";
import type { Context } from "./context.ts";
import { RefusalTrace } from "./refusal-trace.ts";

/** What a request presents. */
export type Credentials =
  | { readonly kind: "none" }
  | RecognizedToken
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | { readonly kind: "bearer"; readonly bearer: string };

/** Basic credentials that have the form of a token's, with the secret hashed: what follows from them alone. */
export interface RecognizedToken {
  readonly kind: "token";
  readonly name: string;
  readonly secretHash: string;
}

type Parts = Pick<
  Context,
  | "metadata"
  | "hasher"
  | "signer"
  | "clock"
  | "usageNotes"
  | "rateLimits"
  | "signInGuard"
  | "identities"
>;

/** What else is known of a request. */
export interface Presented {
  /** Where it came from; without it nothing is counted. */
  readonly address?: string | undefined;
  /** For how much longer than it says a bearer token counts. */
  readonly bearerGraceSeconds?: number | undefined;
}

/**
 * Settles who is asking. Everything but the bearer token's signature is looked up anew each time, so that a token that was disabled,
 * narrowed, deleted or has expired stops working with this very request, whatever was issued for it before. A bearer token that was issued
 * counts for `bearerGraceSeconds` longer than it says: an upload may take longer than one lives.
 *
 * Wrong credentials count against the address that they came from. A bearer token that was good and has expired does not: its holder is to
 * learn by a challenge that it is time for another one.
 * @throws RegistryError `credentials-invalid`, the same for an unknown name, a wrong secret and a token that no longer works;
 *   `sign-in-slowed`, `too-many-requests`;
 *   `identity-without-role` and `service-unavailable` where an identity provider vouches for the caller
 */
export function authenticate(
  context: Parts,
  credentials: Credentials,
  presented: Presented = {},
): AtOnce<Principal> {
  const counted = (principal: Principal) => {
    context.rateLimits.call(principal);
    return principal;
  };
  const failed = (error: unknown) => countFailure(context, credentials, presented, error);
  let principal: AtOnce<Principal>;
  try {
    principal = identify(context, credentials, presented);
  } catch (error) {
    return failed(error);
  }
  return principal instanceof Promise ? principal.catch(failed).then(counted) : counted(principal);
}

/** @throws the error that credentials were refused with, or `too-many-requests` */
async function countFailure(
  context: Parts,
  credentials: Credentials,
  { address }: Presented,
  error: unknown,
): Promise<never> {
  // Anybody in the world may have an identity at a provider that serves the world.
  const isStranger =
    isRefusal(error, "identity-without-role") ||
    (isRefusal(error, "credentials-invalid") && !(await isOutdated(context, credentials)));
  if (!isStranger) {
    throw error;
  }
  const cause = error.cause instanceof RefusalTrace ? error.cause : new RefusalTrace(FORGED);
  context.rateLimits.visit(address, cause);
  throw new RegistryError(error.reason, {}, { cause });
}

async function isOutdated({ signer }: Parts, credentials: Credentials): Promise<boolean> {
  return (
    credentials.kind === "bearer" &&
    credentials.bearer.length <= CREDENTIALS_LENGTH_MAX &&
    (await signer.verify(credentials.bearer, BEARER_UPLOAD_GRACE_SECONDS)) !== undefined
  );
}

/** At once where a token's secret was presented and the token is known: the way of most requests. */
function identify(
  context: Parts,
  credentials: Credentials,
  { address, bearerGraceSeconds = 0 }: Presented,
): AtOnce<Principal> {
  switch (credentials.kind) {
    case "none":
      return { kind: "anonymous", countVisit: () => context.rateLimits.visit(address) };
    case "token":
      return authenticateToken(context, credentials.name, credentials.secretHash);
    case "basic":
      return authenticateBasic(context, credentials.username, credentials.password, address);
    case "bearer":
      return goOn(
        authenticateBearer(context, credentials.bearer, bearerGraceSeconds),
        (principal) =>
          principal.kind === "anonymous"
            ? { ...principal, countVisit: () => context.rateLimits.visit(address) }
            : principal,
      );
    default:
      return credentials satisfies never;
  }
}

/**
 * Does what can be done for credentials before anything is looked up. Who presents the same ones again and again need do it once: the
 * outcome stays right whatever is changed, and holds no secret.
 */
export function recognize(context: Pick<Parts, "hasher">, credentials: Credentials): Credentials {
  if (credentials.kind !== "basic") {
    return credentials;
  }
  const { username, password } = credentials;
  return recognizeToken(context, username, password) ?? credentials;
}

function recognizeToken(
  { hasher }: Pick<Parts, "hasher">,
  name: string,
  secret: string,
): RecognizedToken | undefined {
  return isTokenSecret(secret)
    ? { kind: "token", name, secretHash: hasher.hashTokenSecret(secret) }
    : undefined;
}

/** How a principal is named in bearer tokens and upload sessions. */
export function subjectOf(principal: Principal): string {
  switch (principal.kind) {
    case "anonymous":
      return "anonymous";
    case "user":
      return principal.identity === undefined
        ? `user:${principal.userId}`
        : `identity:${principal.identity.id}`;
    case "token":
      return `token:${principal.tokenId}`;
    case "workload":
      return `identity:${principal.identity.id}`;
    default:
      return principal satisfies never;
  }
}

function authenticateBasic(
  context: Parts,
  username: string,
  password: string,
  address: string | undefined,
): AtOnce<Principal> {
  if (username.length + password.length > CREDENTIALS_LENGTH_MAX) {
    throw invalid({ actor: unknown(username), why: "too-long" });
  }
  const recognized = recognizeToken(context, username, password);
  return recognized === undefined
    ? authenticateUser(context, username, password, address)
    : authenticateToken(context, recognized.name, recognized.secretHash);
}

/** At once where the token is known. */
function authenticateToken(context: Parts, name: string, secretHash: string): AtOnce<Principal> {
  const found = context.metadata.tokens.findBySecretHash(secretHash, context.clock.now());
  return goOn(found, (token) => {
    if (token === undefined) {
      throw invalid({ actor: unknown(name), why: "secret-unknown" });
    }
    if (token.name !== name) {
      throw invalid({ ...traceOfToken(token), why: "name-wrong" });
    }
    return tokenPrincipal(context, token, secretHash, undefined);
  });
}

async function authenticateUser(
  context: Parts,
  username: string,
  password: string,
  address: string | undefined,
): Promise<Principal> {
  // A provider's JWT says itself who presents it; the user name is only there because clients want one.
  const outsider = await context.identities?.signIn(password);
  if (outsider !== undefined) {
    return outsider;
  }
  if (isTooLong(password)) {
    // Nobody has such a password, so nothing is looked up or hashed: whoever is named, the answer costs the same.
    throw invalid({ actor: unknown(username), why: "too-long" });
  }
  const { users } = context.metadata;
  const user = await users.findByEmail(username);
  // An unknown name costs the same time as a wrong password.
  const trace = new RefusalTrace(user === undefined ? traceOfNobody(username) : traceOf(user));
  const attempt = { name: username, address, trace };
  const isRight = await context.hasher.verifyPassword(password, user?.passwordHash, () =>
    context.signInGuard.expectTry(attempt),
  );
  if (user === undefined || !isRight) {
    context.signInGuard.failed(attempt);
    throw invalid(trace);
  }
  // Hashing takes its time and has a queue: meanwhile the person may have been removed, or given another password or role.
  const current = await users.findByEmail(username);
  if (current?.id !== user.id || current.passwordHash !== user.passwordHash) {
    throw invalid(trace);
  }
  context.signInGuard.succeeded(attempt);
  return userPrincipal(context, current, undefined);
}

/** One that was set on another keyboard may have more code points than were counted then. */
function isTooLong(password: string): boolean {
  return (
    password.length > PASSWORD_LENGTH_MAX && password.normalize("NFC").length > PASSWORD_LENGTH_MAX
  );
}

async function authenticateBearer(
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
  throw invalid({ actor: unknown(subject), why: "gone" });
}

function userPrincipal(
  { hasher }: Pick<Parts, "hasher">,
  user: User,
  grant: Grant | undefined,
): UserPrincipal {
  return {
    kind: "user",
    organizationId: user.organizationId,
    userId: user.id,
    email: user.email,
    role: user.role,
    credentialsMark: passwordMarkOf(hasher, user),
    grant,
  };
}

/** By the hash that was made with a salt of its own: setting the same password again makes another mark, too. */
function passwordMarkOf(hasher: Parts["hasher"], user: User): string | undefined {
  if (user.passwordHash === undefined) {
    return undefined;
  }
  const known = passwordMarks.get(user) ?? hasher.fingerprint(user.passwordHash);
  passwordMarks.set(user, known);
  return known;
}

/** Most requests find the person in a cache, and so the very same object. */
const passwordMarks = new WeakMap<User, string>();

function tokenPrincipal(
  context: Parts,
  token: Token,
  credentialsMark: string,
  grant: Grant | undefined,
): TokenPrincipal {
  const now = context.clock.now();
  if (!isUsable(token, now)) {
    const why = token.status === "enabled" ? "token-expired" : "token-disabled";
    throw invalid({ ...traceOfToken(token), why });
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

/** The client is told the same in every case; the audit log is told who it seems to have been. */
function invalid(trace: Partial<RefusalTrace>): RegistryError {
  return new RegistryError("credentials-invalid", {}, { cause: new RefusalTrace(trace) });
}

function unknown(name: string): AuditActor {
  return { kind: "unknown", id: undefined, name };
}

/** A bearer token that is not one of ours. */
const FORGED = { actor: unknown("(bearer token)"), why: "bearer-invalid" };

function traceOfNobody(username: string): Partial<RefusalTrace> {
  return { actor: unknown(username), why: "name-unknown" };
}

function traceOf({ id, email: name, organizationId }: User): Partial<RefusalTrace> {
  return { actor: { kind: "user", id, name }, organizationId, why: "password-wrong" };
}

function traceOfToken({ id, name, organizationId, registryId }: Token): Partial<RefusalTrace> {
  return { actor: { kind: "token", id, name }, organizationId, registry: { id: registryId } };
}
