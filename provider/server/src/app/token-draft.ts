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
