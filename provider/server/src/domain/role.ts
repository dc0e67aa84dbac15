/** What a person of an organization may do, for all of its registries. */
export const ROLES = ["owner", "admin", "developer", "reader"] as const;
export type Role = (typeof ROLES)[number];

/** What the roles tell apart. */
export type Permission =
  | "manage-owners"
  | "manage-people"
  | "manage-registries"
  | "push-content"
  | "delete-content"
  | "pull-content"
  | "browse";

const PERMISSIONS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  owner: new Set([
    "manage-owners",
    "manage-people",
    "manage-registries",
    "push-content",
    "delete-content",
    "pull-content",
    "browse",
  ]),
  admin: new Set([
    "manage-people",
    "manage-registries",
    "push-content",
    "delete-content",
    "pull-content",
    "browse",
  ]),
  developer: new Set([
    "manage-registries",
    "push-content",
    "delete-content",
    "pull-content",
    "browse",
  ]),
  reader: new Set(["pull-content", "browse"]),
};

export function roleAllows(role: Role, permission: Permission): boolean {
  return PERMISSIONS[role].has(permission);
}
