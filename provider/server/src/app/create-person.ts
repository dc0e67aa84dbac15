import type { UserPrincipal } from "../domain/access.ts";
import { auditEvent } from "./audit-event.ts";
import { expectPermission, signatureOf } from "./authorize.ts";
import type { Context } from "./context.ts";
import { expectRightOver } from "./find-person.ts";
import { type PersonDraft, type PersonWithPassword, personFrom } from "./person-draft.ts";

/**
 * Adds a person to the caller's organization.
 * @throws RegistryError `access-denied`, `user-email-taken`
 */
export async function createPerson(
  context: Pick<Context, "metadata" | "hasher" | "ids" | "clock">,
  principal: UserPrincipal,
  draft: PersonDraft,
): Promise<PersonWithPassword> {
  expectPermission(principal, "manage-people", "users");
  expectRightOver(principal, draft.role);
  const created = signatureOf(principal, context.clock.now());
  const person = await personFrom(context, principal.organizationId, draft, created);
  const { id, email: name } = person.user;
  const event = auditEvent(context, principal, {
    action: "user.create",
    resource: { type: "user", id, name },
  });
  await context.metadata.users.create(person.user, event);
  return person;
}
