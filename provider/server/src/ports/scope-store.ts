import type { AuditEvent } from "../domain/audit.ts";
import type { ScopeId, TokenId } from "../domain/ids.ts";
import type { Scope } from "../domain/scope.ts";

/** Single scopes of a token: changes of different scopes, made at once, never lose one another. */
export interface ScopeStore {
  /**
   * Adds a scope behind the others. `false`: there is no such token.
   * @throws RegistryError `scopes-exhausted`
   */
  add(tokenId: TokenId, scope: Scope, event?: AuditEvent): Promise<boolean>;

  /** Replaces a scope in its place. `false`: there is none of that id. */
  replace(tokenId: TokenId, scope: Scope, event?: AuditEvent): Promise<boolean>;

  /** `false`: there was none of that id. */
  remove(tokenId: TokenId, id: ScopeId, event?: AuditEvent): Promise<boolean>;
}
