import type { OrganizationId, UserId } from "../domain/ids.ts";
import type { User } from "../domain/user.ts";

/** An organization: the isolation boundary. */
export interface Organization {
  readonly id: OrganizationId;
  readonly name: string;
  /** What the management API calls the contract number. */
  readonly contractNumber: number;
}

/** Organizations and their people. */
export interface UserStore {
  /**
   * Stores the first organization with its owner, unless there is an organization already; returns whether it did.
   */
  bootstrap(organization: Organization, owner: User): Promise<boolean>;

  organization(id: OrganizationId): Promise<Organization | undefined>;

  /** Finds a person by e-mail address, over all organizations, without regard to case: this is how credentials are looked up. */
  findByEmail(email: string): Promise<User | undefined>;

  find(id: UserId): Promise<User | undefined>;

  /** Replaces a password's hash. `false`: there is no such person in the organization. */
  setPasswordHash(organizationId: OrganizationId, id: UserId, hash: string): Promise<boolean>;
}
