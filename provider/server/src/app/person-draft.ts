import type { OrganizationId, UserId } from "../domain/ids.ts";
import type { Signature } from "../domain/registry.ts";
import type { User } from "../domain/user.ts";
import type { Context } from "./context.ts";

/** A person as somebody wants one to be. */
export type PersonDraft = Pick<User, "email" | "role" | "displayName"> & {
  /** Left out: one is generated. */
  readonly password?: string | undefined;
};

/** A person who was just made, or got another password. */
export interface PersonWithPassword {
  readonly user: User;
  /** The password, where it was generated: only this once. */
  readonly password: string | undefined;
}

type Parts = Pick<Context, "hasher" | "ids">;

/** The person that a draft describes, with a password that is kept hashed. Nothing is stored. */
export async function personFrom(
  context: Parts,
  organizationId: OrganizationId,
  draft: PersonDraft,
  created: Signature,
): Promise<PersonWithPassword> {
  const { email, role, displayName } = draft;
  const generated = draft.password === undefined ? context.ids.password() : undefined;
  const user: User = {
    id: context.ids.uuid<UserId>(),
    organizationId,
    email,
    displayName,
    role,
    passwordHash: await context.hasher.hashPassword(draft.password ?? generated ?? ""),
    created,
    modified: undefined,
    revision: 1,
  };
  return { user, password: generated };
}
