import type { KeyObject } from "node:crypto";
import type { RegistryId } from "../domain/ids.ts";

/** A registry's data key as it is stored, wrapped by the key vault. */
export type WrappedKey = Uint8Array;

/** The registries' data keys, unwrapped when first needed and kept in memory. */
export interface KeyRing {
  /** Makes a data key for a registry that is about to be stored with it. */
  create(registryId: RegistryId): Promise<WrappedKey>;

  /**
   * Derives the key of one object from its registry's data key: HKDF-SHA-256 over `salt`, with `context` as info. 256 bits, for
   * AES-256-GCM. A key derived with an empty salt is for many objects and is kept in memory; there may be few such contexts.
   * @throws RegistryError `registry-unknown` when the registry, and so its key, is gone.
   */
  derive(registryId: RegistryId, salt: Uint8Array, context: string): Promise<KeyObject>;

  /** Drops a registry's key from memory. Other workers find out by themselves, before they use it again. */
  forget(registryId: RegistryId): void;
}
