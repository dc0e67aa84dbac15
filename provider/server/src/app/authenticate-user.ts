import type { Grant, Principal, UserPrincipal } from "../domain/access.ts";
import { PASSWORD_LENGTH_MAX } from "../domain/limits.ts";
import type { User } from "../domain/user.ts";
import type { Context } from "./context.ts";
import { invalidCredentials, unknownActor } from "./invalid-credentials.ts";
import { RefusalTrace } from "./refusal-trace.ts";

type Parts = Pick<Context, "metadata" | "hasher" | "signInGuard" | "identities">;

/**
 * Who presents a user name and a password, which may be the JWT of an identity provider.
 * @throws RegistryError `credentials-invalid`, `sign-in-slowed`, `identity-without-role`, `service-unavailable`
 */
export async function authenticateUser(
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
    throw invalidCredentials({ actor: unknownActor(username), why: "too-long" });
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
    throw invalidCredentials(trace);
  }
  // Hashing takes its time and has a queue: meanwhile the person may have been removed, or given another password or role.
  const current = await users.findByEmail(username);
  if (current?.id !== user.id || current.passwordHash !== user.passwordHash) {
    throw invalidCredentials(trace);
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

/** Somebody whose row is this one. */
export function userPrincipal(
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

function traceOfNobody(username: string): Partial<RefusalTrace> {
  return { actor: unknownActor(username), why: "name-unknown" };
}

function traceOf({ id, email: name, organizationId }: User): Partial<RefusalTrace> {
  return { actor: { kind: "user", id, name }, organizationId, why: "password-wrong" };
}
