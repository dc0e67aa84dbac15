import type { AuditEvent } from "../domain/audit.ts";
import type { OrganizationId } from "../domain/ids.ts";
import type { User } from "../domain/user.ts";

/** An organization: the isolation boundary. */
export interface Organization {
  readonly id: OrganizationId;
  /** Unique. */
  readonly name: string;
  /** What the management API calls the contract number; counted up from 1. */
  readonly contractNumber: number;
}

/** The organizations of one server. None is ever without an owner. */
export interface OrganizationStore {
  /** Stores the first organization with its owner, unless there is an organization already; returns whether it did. */
  bootstrap(organization: Organization, owner: User, event?: AuditEvent): Promise<boolean>;

  /**
   * Stores one more organization with its owner, under the next contract number, and returns it.
   * @throws RegistryError `organization-name-taken`, `user-email-taken`
   */
  create(
    organization: Omit<Organization, "contractNumber">,
    owner: User,
    event?: AuditEvent,
  ): Promise<Organization>;

  find(id: OrganizationId): Promise<Organization | undefined>;

  /** Up to `limit` organizations by contract number, from the one behind `after`. For the server's operator alone. */
  list(page: { after: number; limit: number }): Promise<readonly Organization[]>;
}
