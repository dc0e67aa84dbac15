import type { AuditResource } from "../domain/audit.ts";
import type { Scope } from "../domain/scope.ts";
import type { Token } from "../domain/token.ts";

/** A scope as somebody wants it to be; its id is ours to give. */
export type ScopeDraft = Omit<Scope, "id">;

/** A token as somebody wants it to be. */
export interface TokenDraft
  extends Pick<Token, "name" | "description" | "status" | "expiresAt" | "isOneTime"> {
  readonly scopes: readonly ScopeDraft[];
}

/** A token, and its secret where this very call made it: the secret is kept nowhere. */
export interface IssuedToken {
  readonly token: Token;
  readonly secret: string | undefined;
}

/** What the fields of a token that can be changed are called in the audit log: as in the management API. */
export const TOKEN_FIELDS = {
  status: "status",
  expiresAt: "expiryDate",
  isOneTime: "oneTime",
  description: "description",
  scopes: "scopes",
} as const satisfies Partial<Record<keyof Token, string>>;

/** The token, as an event of the audit log names it. */
export function tokenResource({ id, name }: Pick<Token, "id" | "name">): AuditResource {
  return { type: "token", id, name };
}
