import type { AtOnce } from "../domain/at-once.ts";
import type { AuditEvent } from "../domain/audit.ts";
import type { OrganizationId, UserId } from "../domain/ids.ts";
import type { Signature } from "../domain/registry.ts";
import type { User } from "../domain/user.ts";

/** What may be changed of a person; a field left out stays. `displayName: null` removes the name. */
export type UserChanges = Partial<Pick<User, "role" | "passwordHash">> & {
  readonly displayName?: string | null;
};

export interface UserPage {
  /** The e-mail address that the page before ended with; pages are ordered by address. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/**
 * The people of organizations. Of changes to the people of one organization, each sees what the one before has left, so that no two of
 * them together can leave it without an owner.
 */
export interface UserStore {
  /** Finds a person by e-mail address, over all organizations, without regard to case: this is how credentials are looked up. */
  findByEmail(email: string): AtOnce<User | undefined>;

  /** The look-up of every request with a bearer token that was issued to a person. */
  findById(id: UserId): AtOnce<User | undefined>;

  find(organizationId: OrganizationId, id: UserId): Promise<User | undefined>;

  /** Up to `limit` people of the organization, by e-mail address in lower case. */
  list(organizationId: OrganizationId, page: UserPage): Promise<readonly User[]>;

  /** @throws RegistryError `user-email-taken`, also when two processes create it at once */
  create(user: User, event?: AuditEvent): Promise<void>;

  /**
   * Changes a person, counts up the revision and returns the person; `undefined`: there is none. Only if it still has that revision.
   * @throws RegistryError `user-changed`; `owner-last` when it takes the role of the organization's last owner
   */
  update(
    organizationId: OrganizationId,
    id: UserId,
    changes: UserChanges,
    by: Signature,
    revision: number,
    event?: AuditEvent,
  ): Promise<User | undefined>;

  /**
   * Removes a person; the address is free again. `false`: there was none. Only if it still has that revision.
   * @throws RegistryError `user-changed`, `owner-last`
   */
  remove(
    organizationId: OrganizationId,
    id: UserId,
    revision: number,
    event?: AuditEvent,
  ): Promise<boolean>;
}
