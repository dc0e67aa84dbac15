import type { Operator } from "../domain/audit.ts";
import type { OrganizationId } from "../domain/ids.ts";
import { operatorSignature } from "../domain/registry.ts";
import type { User } from "../domain/user.ts";
import type { Organization } from "../ports/organization-store.ts";
import { auditEvent } from "./audit-event.ts";
import type { Context } from "./context.ts";
import { personFrom } from "./person-draft.ts";

export interface MadeOrganization {
  readonly organization: Organization;
  readonly owner: User;
  /** The owner's password: only this once. */
  readonly password: string;
}

/**
 * Adds an organization with its owner. For the server's operator: nobody of an organization may make another one.
 * @throws RegistryError `organization-name-taken`, `user-email-taken`
 */
export async function createOrganization(
  context: Pick<Context, "metadata" | "hasher" | "ids" | "clock">,
  operator: Operator,
  { name, ownerEmail }: { readonly name: string; readonly ownerEmail: string },
): Promise<MadeOrganization> {
  const id = context.ids.uuid<OrganizationId>();
  const password = context.ids.password();
  const draft = { email: ownerEmail, role: "owner", displayName: undefined, password } as const;
  const created = operatorSignature(context.clock.now());
  const { user: owner } = await personFrom(context, id, draft, created);
  const event = auditEvent(context, operator, {
    action: "organization.create",
    organizationId: id,
    resource: { type: "organization", id, name },
  });
  const organization = await context.metadata.organizations.create({ id, name }, owner, event);
  return { organization, owner, password };
}
