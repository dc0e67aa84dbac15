import type { Instant, RegistryId, StorageKey } from "../domain/ids.ts";

/**
 * Holds raw bytes as append-only objects under random keys, in a space of its own for each registry. What the bytes mean is its user's
 * affair; nothing is readable by name until somebody else names the key.
 */
export interface ObjectStore {
  /**
   * Opens an object for appending at `offset`. At 0 the object is created, or emptied. Whatever lies behind `offset` from an
   * earlier, interrupted append is cut off. At most one appender of an object may be open at a time; the caller sees to that.
   * @throws Error when the object holds fewer than `offset` bytes
   */
  append(registryId: RegistryId, key: StorageKey, offset: number): Promise<ObjectAppender>;

  /**
   * Opens an object for reading. `signal` covers the opening and every read.
   * @throws DamageError naming the object when it is not there
   */
  open(
    registryId: RegistryId,
    key: StorageKey,
    options: { readonly signal: AbortSignal },
  ): Promise<ObjectReader>;

  /** Removes one object; one that is not there is fine. */
  remove(registryId: RegistryId, key: StorageKey): Promise<void>;

  /** Removes every object of a registry. */
  removeRegistry(registryId: RegistryId): Promise<void>;

  /** Yields the keys of all objects of a registry, in no order; with `writtenBefore` only of those that nobody wrote to since. */
  keys(
    registryId: RegistryId,
    options?: { readonly writtenBefore?: Instant },
  ): AsyncIterableIterator<StorageKey>;

  /** Yields the registries that may have objects, in no order. */
  registries(): AsyncIterableIterator<RegistryId>;
}

/** One append under way. Calls do not overlap, except that `close` may come at any time. */
export interface ObjectAppender {
  /**
   * Appends these pieces, one behind the other. Takes them over: the memory of those that own theirs is given back once they are
   * written. Resolves when the next pieces are welcome, which may be before these are written; a failure to write is thrown by this call or
   * by a later one.
   * @throws RegistryError `storage-full`
   */
  write(pieces: readonly Uint8Array[]): Promise<void>;

  /**
   * Resolves once everything that was written before is durable: the bytes, and the name that they are found by, survive a power cut.
   * @throws RegistryError `storage-full`
   */
  sync(): Promise<void>;

  /** Gives handles back. What no `sync` has covered may be lost. Closing twice is fine. */
  close(): Promise<void>;
}

/** An object that is open for reading. Reads may overlap. */
export interface ObjectReader {
  /**
   * Fills `into` with the bytes from `position` on. Resolves to how many there were: fewer than `into` holds only at the object's end.
   * `into` is the reader's until then.
   * @throws DamageError when the storage cannot give these bytes back any more
   */
  read(into: Uint8Array, position: number): Promise<number>;

  /** Waits for reads under way and gives handles back. Closing twice is fine. */
  close(): Promise<void>;
}
