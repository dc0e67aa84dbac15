import type { Principal } from "../domain/access.ts";
import { type AtOnce, goOn } from "../domain/at-once.ts";
import { isRefusal, RegistryError } from "../domain/errors.ts";
import { BEARER_UPLOAD_GRACE_SECONDS, CREDENTIALS_LENGTH_MAX } from "../domain/limits.ts";
import { isTokenSecret } from "../domain/token-secret.ts";
import { authenticateBearer } from "./authenticate-bearer.ts";
import { authenticateToken } from "./authenticate-token.ts";
import { authenticateUser } from "./authenticate-user.ts";
import type { Context } from "./context.ts";
import { invalidCredentials, unknownActor } from "./invalid-credentials.ts";
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
    throw invalidCredentials({ actor: unknownActor(username), why: "too-long" });
  }
  const recognized = recognizeToken(context, username, password);
  return recognized === undefined
    ? authenticateUser(context, username, password, address)
    : authenticateToken(context, recognized.name, recognized.secretHash);
}

/** A bearer token that is not one of ours. */
const FORGED = { actor: unknownActor("(bearer token)"), why: "bearer-invalid" };
