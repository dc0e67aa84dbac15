import type { UserPrincipal } from "../domain/access.ts";
import { isRefusal, RegistryError } from "../domain/errors.ts";
import type { UserId } from "../domain/ids.ts";
import { CHANGE_TRIES_MAX } from "../domain/limits.ts";
import type { Role } from "../domain/role.ts";
import type { User } from "../domain/user.ts";
import { auditEvent, changedFields } from "./audit-event.ts";
import { signatureOf } from "./authorize.ts";
import type { Context } from "./context.ts";
import { expectRightOver, findPerson, userUnknown } from "./find-person.ts";
import type { ExpectedRevisions } from "./registry-draft.ts";

/** What to change of a person; a field left out stays. `displayName: null` removes the name. */
export interface PersonChange {
  readonly role?: Role;
  readonly displayName?: string | null;
  readonly password?: string;
}

/** As the management API calls them. */
const FIELDS = { role: "role", displayName: "displayName", passwordHash: "password" } as const;

/**
 * Changes what is named and leaves the rest. Whether the caller may is decided on the very revision that is changed: a developer who
 * becomes an owner meanwhile is no longer an admin's to change.
 * @throws RegistryError `access-denied`, `user-unknown`, `user-changed`, `owner-last`
 */
export async function changePerson(
  context: Pick<Context, "metadata" | "hasher" | "clock" | "ids">,
  principal: UserPrincipal,
  id: UserId,
  { password, ...others }: PersonChange,
  expected: ExpectedRevisions | undefined,
): Promise<User> {
  const first = await findPerson(context, principal, id);
  expectRightOver(principal, first.role, others.role);
  expectRevision(first, expected);
  const changes =
    password === undefined
      ? others
      : { ...others, passwordHash: await context.hasher.hashPassword(password) };
  return atItsRevision(context, principal, id, expected, async (found) => {
    expectRightOver(principal, found.role);
    const by = signatureOf(principal, context.clock.now());
    const { users } = context.metadata;
    const event = auditEvent(context, principal, {
      action: "user.change",
      resource: { type: "user", id, name: found.email },
      changes: changedFields(FIELDS, found, changes),
    });
    return users.update(principal.organizationId, id, changes, by, found.revision, event);
  });
}

/**
 * Removes a person, who is let in no more from this moment on, with whatever was issued before.
 * @throws RegistryError `access-denied`, `user-unknown`, `user-changed`, `owner-last`
 */
export async function deletePerson(
  context: Pick<Context, "metadata" | "clock" | "ids">,
  principal: UserPrincipal,
  id: UserId,
  expected: ExpectedRevisions | undefined,
): Promise<void> {
  await atItsRevision(context, principal, id, expected, async (found) => {
    expectRightOver(principal, found.role);
    const { users } = context.metadata;
    const event = auditEvent(context, principal, {
      action: "user.delete",
      resource: { type: "user", id, name: found.email },
    });
    const isRemoved = await users.remove(principal.organizationId, id, found.revision, event);
    return isRemoved ? found : undefined;
  });
}

/** Reads the person and lets `work` change that revision; where somebody else was faster, again, unless the caller expects a revision. */
async function atItsRevision(
  context: Pick<Context, "metadata">,
  principal: UserPrincipal,
  id: UserId,
  expected: ExpectedRevisions | undefined,
  work: (found: User) => Promise<User | undefined>,
): Promise<User> {
  for (let tried = 1; ; tried++) {
    const found = await findPerson(context, principal, id);
    expectRevision(found, expected);
    try {
      const done = await work(found);
      if (done === undefined) {
        throw userUnknown(id);
      }
      return done;
    } catch (error) {
      if (!isRefusal(error, "user-changed") || tried === CHANGE_TRIES_MAX) {
        throw error;
      }
    }
  }
}

/** @throws RegistryError `user-changed` */
function expectRevision({ id, revision }: User, expected: ExpectedRevisions | undefined): void {
  if (expected !== undefined && expected !== "any" && !expected.includes(revision)) {
    throw new RegistryError("user-changed", { user: id });
  }
}
