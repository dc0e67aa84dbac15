import type { Instant, OrganizationId, RegistryId, TokenId } from "./ids.ts";
import type { Signature } from "./registry.ts";
import type { Scope } from "./scope.ts";

/** The credentials of a robot, bound to one registry. Its secret is known only to whoever created it. */
export interface Token {
  readonly id: TokenId;
  readonly organizationId: OrganizationId;
  readonly registryId: RegistryId;
  /** Unique within the registry; also the user name. */
  readonly name: string;
  readonly description: string | undefined;
  readonly status: TokenStatus;
  readonly expiresAt: Instant | undefined;
  /** Deleted once it has pushed one tagged manifest. */
  readonly isOneTime: boolean;
  /** In the order in which they were sent. */
  readonly scopes: readonly Scope[];
  readonly lastUsedAt: Instant | undefined;
  readonly created: Signature;
  readonly modified: Signature | undefined;
}

export const TOKEN_STATUSES = ["enabled", "disabled"] as const;
export type TokenStatus = (typeof TOKEN_STATUSES)[number];

/** Whether a token's credentials work at this moment; checked on every request. */
export function isUsable(token: Pick<Token, "status" | "expiresAt">, now: Instant): boolean {
  return token.status === "enabled" && !isExpired(token, now);
}

export function isExpired(token: Pick<Token, "expiresAt">, now: Instant): boolean {
  return token.expiresAt !== undefined && token.expiresAt <= now;
}
