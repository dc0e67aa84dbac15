import type { Instant, RegistryId, StorageKey } from "../domain/ids.ts";

/**
 * Holds the bytes of blobs, as append-only objects under random keys, in a space of its own for each registry. Knows nothing of
 * digests, repositories or visibility: an object counts only once a metadata row names its key.
 *
 * An object grows in blocks of `BLOB_BLOCK_BYTES`; only its last block may be shorter. All sizes and offsets are of plain
 * bytes, whatever an adapter adds around them.
 */
export interface BlobStore {
  /**
   * Opens an object for appending at `offset`, which is a multiple of `BLOB_BLOCK_BYTES`. At 0 the object is created. Whatever lies
   * behind `offset` from an earlier, interrupted append is cut off. At most one appender of an object may be open at a time; the
   * caller sees to that.
   * @throws Error when the object holds fewer than `offset` bytes; RegistryError `registry-unknown` when the registry is gone
   */
  append(registryId: RegistryId, key: StorageKey, offset: number): Promise<BlobAppender>;

  /**
   * Reads `[range.start, range.end)` of a finished object of `range.size` bytes. Each yielded buffer has memory of its own, which
   * the reader may give back (`buffer.transfer`). Ends early with a `DamageError` when the bytes are damaged, truncated or gone: never
   * yields a byte that was not written. Reading stops when the iterator is returned or `signal` aborts.
   */
  read(
    registryId: RegistryId,
    key: StorageKey,
    range: BlobRange,
    options: { readonly signal: AbortSignal },
  ): AsyncIterableIterator<Uint8Array>;

  /** Removes one object; one that is not there is fine. */
  remove(registryId: RegistryId, key: StorageKey): Promise<void>;

  /** Removes every object of a registry. */
  removeRegistry(registryId: RegistryId): Promise<void>;

  /**
   * Yields the keys of all objects of a registry, in no order, for finding what no row names; with `writtenBefore` only of those that
   * nobody wrote to since, which spares an upload under way.
   */
  keys(
    registryId: RegistryId,
    options?: { readonly writtenBefore?: Instant },
  ): AsyncIterableIterator<StorageKey>;

  /** Yields the registries that may have objects, in no order, for finding those that are gone. */
  registries(): AsyncIterableIterator<RegistryId>;
}

/** Bytes `[start, end)` of an object whose whole size is `size`. */
export interface BlobRange {
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

/** One append under way. Calls do not overlap, except that `close` may come at any time. */
export interface BlobAppender {
  /**
   * Takes a chunk over: the caller must not touch it again. Resolves when the next chunk is welcome, which may be before this one is
   * written; a failure to write is thrown by this call or by a later one.
   * @throws RegistryError `storage-full`
   */
  write(chunk: Uint8Array): Promise<void>;

  /**
   * Makes all whole blocks durable, and hands back what is left over (less than a block), which the caller keeps. `offset` is the
   * end of the whole blocks. Appending may go on afterwards.
   */
  checkpoint(): Promise<{ readonly offset: number; readonly rest: Uint8Array }>;

  /** Appends the last, short block and makes the whole object durable. Only `close` may follow. */
  finish(): Promise<void>;

  /** Gives handles back. What no `checkpoint` or `finish` has covered may be lost. Closing twice is fine. */
  close(): Promise<void>;
}
