import type { OrganizationId, UserId } from "./ids.ts";
import type { Signature } from "./registry.ts";
import type { Role } from "./role.ts";

/** A person of an organization. */
export interface User {
  readonly id: UserId;
  readonly organizationId: OrganizationId;
  /** Unique over all organizations, compared without regard to case; fixed. */
  readonly email: string;
  readonly displayName: string | undefined;
  readonly role: Role;
  /** scrypt, in the PHC string format; absent for people who come by an identity provider alone. */
  readonly passwordHash: string | undefined;
  readonly created: Signature;
  readonly modified: Signature | undefined;
  /** Counts changes; the ETag. */
  readonly revision: number;
}
