import type {
  UserInput,
  User as UserJson,
  UserPatch,
  UsersQuery,
  UsersResponse,
} from "@moorage/core/contract/user";
import type { PersonChange } from "../../app/change-person.ts";
import type { KeysetPageOf } from "../../app/page-token.ts";
import type { PersonDraft } from "../../app/person-draft.ts";
import type { User } from "../../domain/user.ts";
import { tokenLinks } from "../wire/page-links.ts";
import type { Hrefs } from "./hrefs.ts";
import { signatureView } from "./signature-view.ts";

/** A user as answers show it (extensions). `password` is known only to the answer that generated it. */
export function userView(user: User, hrefs: Hrefs, password?: string): UserJson {
  return {
    id: user.id,
    type: "user",
    href: hrefs.user(user.id),
    metadata: {
      ...signatureView(user.created, user.modified),
      state: "enabled",
      etag: String(user.revision),
    },
    properties: {
      email: user.email,
      role: user.role,
      displayName: user.displayName ?? "",
      ...(password !== undefined && { password }),
    },
  };
}

/** Answer of GET /users, in the form of the list of registries. */
export function usersView(
  { entries, nextPageToken }: KeysetPageOf<User>,
  query: UsersQuery,
  hrefs: Hrefs,
): UsersResponse {
  const href = hrefs.users();
  return {
    id: "users",
    type: "collection",
    href,
    items: entries.map((user) => userView(user, hrefs)),
    pagination: { limit: query.limit, token: nextPageToken },
    _links: tokenLinks(href, query, nextPageToken),
  };
}

/** `properties` of POST in the registry's own words. */
export function personDraftOf({ email, role, displayName, password }: UserInput): PersonDraft {
  return { email, role, displayName: displayName === "" ? undefined : displayName, password };
}

/** The body of PATCH in the registry's own words; what it leaves out stays out, an empty name is removed. */
export function personChangeOf({ role, displayName, password }: UserPatch): PersonChange {
  return {
    ...(role !== undefined && { role }),
    ...(displayName !== undefined && { displayName: displayName === "" ? null : displayName }),
    ...(password !== undefined && { password }),
  };
}
