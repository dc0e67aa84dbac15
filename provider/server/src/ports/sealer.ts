import type { AtOnce } from "../domain/at-once.ts";
import type { RegistryId } from "../domain/ids.ts";

declare const brand: unique symbol;

/** Bytes that only the key of their registry opens. The metadata store takes content in no other form. */
export type SealedBytes = Uint8Array & { readonly [brand]: "SealedBytes" };

/**
 * Seals what is small enough to be whole in memory: manifests, small blobs, the rest of an upload. `context` says what it is (for
 * example `manifest:sha256:…`) and is authenticated: bytes that were moved to another row do not open.
 */
export interface Sealer {
  seal(registryId: RegistryId, context: string, plain: Uint8Array): Promise<SealedBytes>;
  /** @throws DamageError when the bytes were altered, moved, or sealed for another registry. */
  open(registryId: RegistryId, context: string, sealed: SealedBytes): AtOnce<Uint8Array>;
}
