import type { UserPrincipal } from "../domain/access.ts";
import type { User } from "../domain/user.ts";
import { expectPermission } from "./authorize.ts";
import type { Context } from "./context.ts";
import { type KeysetPageOf, keysetPageOf, readPageToken } from "./page-token.ts";

export interface PeopleQuery {
  readonly limit: number;
  /** From an earlier answer; empty: the first page. */
  readonly pageToken: string;
}

/**
 * One page of the organization's people, by e-mail address.
 * @throws RegistryError `access-denied`; `page-invalid` for a page token that was not issued to this organization
 */
export async function listPeople(
  context: Pick<Context, "metadata" | "hasher">,
  principal: UserPrincipal,
  { limit, pageToken }: PeopleQuery,
): Promise<KeysetPageOf<User>> {
  expectPermission(principal, "manage-people", "users");
  const { organizationId } = principal;
  const list = `users ${organizationId}`;
  const after = readPageToken(context, list, pageToken);
  const found = await context.metadata.users.list(organizationId, { after, limit: limit + 1 });
  return keysetPageOf(context, list, found, limit, ({ email }) => email);
}
