import type { UserPrincipal } from "../domain/access.ts";
import { isRefusal, RegistryError } from "../domain/errors.ts";
import { CHANGE_TRIES_MAX } from "../domain/limits.ts";
import type { User } from "../domain/user.ts";
import { auditEvent } from "./audit-event.ts";
import { signatureOf } from "./authorize.ts";
import type { Context } from "./context.ts";
import { userUnknown } from "./find-person.ts";
import { RefusalTrace } from "./refusal-trace.ts";

type Parts = Pick<Context, "metadata" | "hasher" | "signInGuard" | "clock" | "ids">;

/**
 * The person who asks, whatever their role. People of an identity provider are nobody's row.
 * @throws RegistryError `user-unknown`
 */
export async function findOneself(
  { metadata }: Pick<Context, "metadata">,
  { organizationId, userId, identity }: UserPrincipal,
): Promise<User> {
  const found =
    identity === undefined ? await metadata.users.find(organizationId, userId) : undefined;
  if (found === undefined) {
    throw userUnknown(userId);
  }
  return found;
}

/**
 * Gives whoever asks another password, if they know the one that they have: a session that was left open is not enough. A wrong one counts as a
 * sign-in that failed. What was issued by the old password ends.
 * @throws RegistryError `user-unknown`, `current-password-wrong`, `sign-in-slowed`, `user-changed`
 */
export async function changeOwnPassword(
  context: Parts,
  principal: UserPrincipal,
  {
    currentPassword,
    newPassword,
  }: { readonly currentPassword: string; readonly newPassword: string },
): Promise<void> {
  const { users } = context.metadata;
  for (let tried = 1; ; tried++) {
    const found = await findOneself(context, principal);
    await expectPassword(context, principal, found, currentPassword);
    const passwordHash = await context.hasher.hashPassword(newPassword);
    const { id, organizationId, revision } = found;
    const event = auditEvent(context, principal, {
      action: "user.change",
      resource: { type: "user", id, name: found.email },
      changes: ["password"],
    });
    const by = signatureOf(principal, context.clock.now());
    try {
      if (
        (await users.update(organizationId, id, { passwordHash }, by, revision, event)) ===
        undefined
      ) {
        throw userUnknown(id);
      }
      return;
    } catch (error) {
      if (!isRefusal(error, "user-changed") || tried === CHANGE_TRIES_MAX) {
        throw error;
      }
    }
  }
}

async function expectPassword(
  { hasher, signInGuard }: Parts,
  { address }: UserPrincipal,
  { id, email, organizationId, passwordHash }: User,
  password: string,
): Promise<void> {
  const actor = { kind: "user", id, name: email } as const;
  const trace = new RefusalTrace({ actor, organizationId, why: "password-wrong" });
  const attempt = { name: email, address, trace };
  const isRight = await hasher.verifyPassword(password, passwordHash, () =>
    signInGuard.expectTry(attempt),
  );
  if (!isRight) {
    signInGuard.failed(attempt);
    throw new RegistryError("current-password-wrong", {}, { cause: trace });
  }
}
