/**
 * Wraps keys under a master key that never leaves it: a file, or a key service. `context` is authenticated with the key; a wrapped
 * key opens only under the context that it was wrapped for.
 */
export interface KeyVault {
  wrap(context: string, key: Uint8Array): Promise<Uint8Array>;
  /** @throws when the wrapped key was altered, or belongs to another master key or context. */
  unwrap(context: string, wrapped: Uint8Array): Promise<Uint8Array>;
}
