import type { OrganizationId } from "../domain/ids.ts";
import { operatorSignature } from "../domain/registry.ts";
import type { Organization } from "../ports/organization-store.ts";
import { auditEvent } from "./audit-event.ts";
import type { Context } from "./context.ts";
import { personFrom } from "./person-draft.ts";

/** The first organization's contract number; later ones count on from it. */
const CONTRACT_NUMBER_FIRST = 1;

export interface FirstOwner {
  readonly email: string;
  readonly password: string;
}

/** Whether this installation has had its very first start. */
export async function hasOrganization(context: Pick<Context, "metadata">): Promise<boolean> {
  const [first] = await context.metadata.organizations.list({ after: 0, limit: 1 });
  return first !== undefined;
}

/**
 * The very first start: stores an organization and its owner. Returns whether it did: where somebody is there already, also when several
 * processes start at once, nothing changes, the password included.
 */
export async function bootstrapOwner(
  context: Pick<Context, "metadata" | "hasher" | "ids" | "clock">,
  { email, password }: FirstOwner,
): Promise<boolean> {
  if (await hasOrganization(context)) {
    return false;
  }
  const organization: Organization = {
    id: context.ids.uuid<OrganizationId>(),
    name: email.slice(email.indexOf("@") + 1),
    contractNumber: CONTRACT_NUMBER_FIRST,
  };
  const draft = { email, role: "owner", displayName: undefined, password } as const;
  const created = operatorSignature(context.clock.now());
  const { user } = await personFrom(context, organization.id, draft, created);
  const event = auditEvent(context, "server", {
    action: "organization.create",
    organizationId: organization.id,
    resource: { type: "organization", id: organization.id, name: organization.name },
  });
  return context.metadata.organizations.bootstrap(organization, user, event);
}
