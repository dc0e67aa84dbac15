import assert from "node:assert";
import { type KeyObject, randomBytes } from "node:crypto";
import { DamageError } from "../../domain/damage-error.ts";
import type { Instant, RegistryId, StorageKey } from "../../domain/ids.ts";
import {
  BLOB_BLOCK_BYTES,
  BLOB_READ_AHEAD_BLOCKS,
  BLOB_READERS_FAR_AHEAD_MAX,
} from "../../domain/limits.ts";
import type { BlobAppender, BlobRange, BlobStore } from "../../ports/blob-store.ts";
import type { KeyRing } from "../../ports/key-ring.ts";
import type { ObjectReader, ObjectStore } from "../../ports/object-store.ts";
import { Nonces } from "./nonces.ts";
import {
  frameStart,
  HEADER_BYTES,
  header,
  keyContext,
  SALT_BYTES,
  saltOf,
} from "./object-layout.ts";
import { SealedAppender } from "./sealed-appender.ts";
import { openFrames } from "./sealed-reader.ts";

/** Keeps blobs in an object store, sealed under the keys of their registries; `object-layout.ts` draws the format. */
export class SealedBlobStore implements BlobStore {
  readonly #objects: ObjectStore;
  readonly #keys: Pick<KeyRing, "derive">;
  readonly #nonces = new Nonces();
  #readers = 0;

  constructor(objects: ObjectStore, keys: Pick<KeyRing, "derive">) {
    this.#objects = objects;
    this.#keys = keys;
  }

  async append(registryId: RegistryId, key: StorageKey, offset: number): Promise<BlobAppender> {
    assert(offset % BLOB_BLOCK_BYTES === 0, "appending starts at a block's edge");
    if (offset > 0) {
      const objectKey = await this.#keyOfObject(registryId, key);
      const index = offset / BLOB_BLOCK_BYTES;
      const appender = await this.#objects.append(registryId, key, frameStart(index));
      return new SealedAppender(appender, objectKey, this.#nonces, index, undefined);
    }
    const salt = randomBytes(SALT_BYTES);
    const objectKey = await this.#keys.derive(registryId, salt, keyContext(key));
    const appender = await this.#objects.append(registryId, key, 0);
    return new SealedAppender(appender, objectKey, this.#nonces, 0, header(salt));
  }

  async *read(
    registryId: RegistryId,
    key: StorageKey,
    range: BlobRange,
    options: { readonly signal: AbortSignal },
  ): AsyncIterableIterator<Uint8Array> {
    const { start, end, size } = range;
    assert(0 <= start && start <= end && end <= size, "a range lies within its blob");
    const reader = await this.#objects.open(registryId, key, options);
    this.#readers++;
    try {
      const readKey = () => this.#readKey(reader, registryId, key);
      const isOneOfFew = this.#readers <= BLOB_READERS_FAR_AHEAD_MAX;
      const blocksAhead = isOneOfFew ? BLOB_READ_AHEAD_BLOCKS : 0;
      const { signal } = options;
      yield* openFrames(reader, readKey, { range, name: key, blocksAhead, signal });
    } finally {
      this.#readers--;
      await reader.close();
    }
  }

  remove(registryId: RegistryId, key: StorageKey): Promise<void> {
    return this.#objects.remove(registryId, key);
  }

  removeRegistry(registryId: RegistryId): Promise<void> {
    return this.#objects.removeRegistry(registryId);
  }

  keys(
    registryId: RegistryId,
    options?: { readonly writtenBefore?: Instant },
  ): AsyncIterableIterator<StorageKey> {
    return this.#objects.keys(registryId, options);
  }

  registries(): AsyncIterableIterator<RegistryId> {
    return this.#objects.registries();
  }

  async #keyOfObject(registryId: RegistryId, key: StorageKey): Promise<KeyObject> {
    const { signal } = new AbortController();
    const reader = await this.#objects.open(registryId, key, { signal });
    try {
      return await this.#readKey(reader, registryId, key);
    } finally {
      await reader.close();
    }
  }

  /** Derives an object's key from the salt in its header. */
  async #readKey(
    reader: ObjectReader,
    registryId: RegistryId,
    key: StorageKey,
  ): Promise<KeyObject> {
    const bytes = new Uint8Array(HEADER_BYTES);
    const length = await reader.read(bytes, 0);
    const salt = saltOf(bytes.subarray(0, length));
    if (salt === undefined) {
      throw new DamageError(
        `object ${key} of registry ${registryId} does not begin like a sealed blob of version 1: it is damaged or not Moorage's`,
      );
    }
    return this.#keys.derive(registryId, salt, keyContext(key));
  }
}
