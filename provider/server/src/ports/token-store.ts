import type { AtOnce } from "../domain/at-once.ts";
import type { AuditEvent } from "../domain/audit.ts";
import type { Instant, RegistryId, TokenId } from "../domain/ids.ts";
import type { Signature } from "../domain/registry.ts";
import type { Token } from "../domain/token.ts";

/** What may be changed of a token; a field left out stays. `null` removes an expiry date or a description. `scopes` replaces all of them. */
export type TokenChanges = Partial<Pick<Token, "status" | "scopes" | "isOneTime">> & {
  readonly expiresAt?: Instant | null;
  readonly description?: string | null;
};

export interface TokenPage {
  readonly tokens: readonly Token[];
  readonly total: number;
}

/** Tokens of registries, with their scopes. Secrets come in as keyed hashes only. */
export interface TokenStore {
  /**
   * @throws RegistryError `token-name-taken`, also when two processes create it at once, and when the id is in use; `registry-unknown`
   *   when the registry is gone
   */
  create(token: Token, secretHash: string, event?: AuditEvent): Promise<void>;

  find(registryId: RegistryId, id: TokenId): Promise<Token | undefined>;

  /**
   * The look-up of every request of a robot, also with a bearer token that was issued to it: by its secret, or by the one before during the grace period of a rotation (until `oldUntil`,
   * measured against `now`). Expired and disabled tokens are found too. `lastUsedAt` may be an older one.
   */
  findBySecretHash(secretHash: string, now: Instant): AtOnce<Token | undefined>;

  /** By id alone, over all registries. `lastUsedAt` may be an older one. */
  findById(id: TokenId): AtOnce<Token | undefined>;

  /** Tokens of a registry in the order of their creation. */
  list(registryId: RegistryId, page: { offset: number; limit: number }): Promise<TokenPage>;

  /** Changes a token and returns it; `undefined`: there is none. */
  update(
    registryId: RegistryId,
    id: TokenId,
    changes: TokenChanges,
    by: Signature,
    event?: AuditEvent,
  ): Promise<Token | undefined>;

  /**
   * Replaces the secret. The old one goes on working until `oldUntil`, and those of rotations before it for as long as they were given
   * (`OLD_SECRETS_PER_TOKEN_MAX` in all); without `oldUntil`, all of them stop at once. `undefined`: there is no such token.
   */
  rotate(
    registryId: RegistryId,
    id: TokenId,
    secretHash: string,
    oldUntil: Instant | undefined,
    by: Signature,
    event?: AuditEvent,
  ): Promise<Token | undefined>;

  /** Removes a token with its scopes; its name and id are free again. `false`: there was none. */
  remove(registryId: RegistryId, id: TokenId, event?: AuditEvent): Promise<boolean>;

  /** Removes up to `limit` tokens, of any registry, that had expired at `now`, and returns them. `eventOf` tells the audit log of each. */
  removeExpired(
    now: Instant,
    limit: number,
    eventOf?: (token: Token) => AuditEvent,
  ): Promise<readonly Token[]>;

  /** Notes when tokens were last used; ids that are gone are passed over. */
  touch(lastUsed: ReadonlyMap<TokenId, Instant>): Promise<void>;
}
