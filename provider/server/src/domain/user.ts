import type { Instant, OrganizationId, UserId } from "./ids.ts";
import type { Role } from "./role.ts";

/** A person of an organization. */
export interface User {
  readonly id: UserId;
  readonly organizationId: OrganizationId;
  /** Unique over all organizations, compared without regard to case. */
  readonly email: string;
  readonly displayName: string | undefined;
  readonly role: Role;
  /** scrypt, in the PHC string format; absent for people who come by an identity provider alone. */
  readonly passwordHash: string | undefined;
  readonly createdAt: Instant;
}
