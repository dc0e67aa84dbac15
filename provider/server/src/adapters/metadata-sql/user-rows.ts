import { ROLES } from "../../domain/role.ts";
import type { User } from "../../domain/user.ts";
import { fromSignature, toSignature } from "./signature-columns.ts";
import { stored } from "./stored-values.ts";
import type { UsersTable } from "./tables.ts";

/** What a `User` is made of. */
export const USER_COLUMNS = [
  "users.id",
  "organizations.id as organization_id",
  "users.email",
  "users.display_name",
  "users.role",
  "users.password_hash",
  "users.created_at",
  "users.created_by_id",
  "users.created_by_name",
  "users.modified_at",
  "users.modified_by_id",
  "users.modified_by_name",
  "users.revision",
] as const;

type UserRow = Omit<UsersTable, "key" | "organization_key" | "email_folded"> & {
  readonly organization_id: string;
};

export function toUser(row: UserRow): User {
  return {
    id: stored.userId(row.id),
    organizationId: stored.organizationId(row.organization_id),
    email: row.email,
    displayName: row.display_name ?? undefined,
    role: stored.oneOf(ROLES, row.role),
    passwordHash: row.password_hash ?? undefined,
    ...toSignature(row),
    revision: row.revision,
  };
}

export function toUserRow(user: User): Omit<UsersTable, "key" | "organization_key"> {
  return {
    id: user.id,
    email: user.email,
    email_folded: fold(user.email),
    display_name: user.displayName ?? null,
    role: user.role,
    password_hash: user.passwordHash ?? null,
    ...fromSignature(user.created, user.modified),
    revision: user.revision,
  };
}

/** Addresses are told apart without regard to case. */
export function fold(email: string): string {
  return email.normalize("NFC").toLowerCase();
}
