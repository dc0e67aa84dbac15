import { DamageError } from "../../domain/damage-error.ts";
import { giveBack } from "../../domain/give-back.ts";
import type { Instant, RegistryId, StorageKey } from "../../domain/ids.ts";
import type { ObjectAppender, ObjectReader, ObjectStore } from "../../ports/object-store.ts";

interface MemoryObject {
  bytes: Uint8Array;
  writtenAt: Instant;
}

/** Keeps objects in memory, for tests: nothing outlives the process. */
export class MemoryObjectStore implements ObjectStore {
  readonly #registries = new Map<RegistryId, Map<StorageKey, MemoryObject>>();

  async append(registryId: RegistryId, key: StorageKey, offset: number): Promise<ObjectAppender> {
    const objects = this.#registries.get(registryId) ?? new Map<StorageKey, MemoryObject>();
    const object = objects.get(key) ?? { bytes: new Uint8Array(0), writtenAt: Date.now() };
    if (object.bytes.byteLength < offset) {
      throw new Error(
        `object ${key} of registry ${registryId} has ${object.bytes.byteLength} bytes, fewer than the ${offset} to append to`,
      );
    }
    object.bytes = object.bytes.slice(0, offset);
    objects.set(key, object);
    this.#registries.set(registryId, objects);
    return new MemoryAppender(object);
  }

  async open(
    registryId: RegistryId,
    key: StorageKey,
    options: { readonly signal: AbortSignal },
  ): Promise<ObjectReader> {
    options.signal.throwIfAborted();
    const object = this.#registries.get(registryId)?.get(key);
    if (object === undefined) {
      throw new DamageError(`object ${key} of registry ${registryId} is not in memory`);
    }
    return new MemoryReader(object, options.signal);
  }

  async remove(registryId: RegistryId, key: StorageKey): Promise<void> {
    this.#registries.get(registryId)?.delete(key);
  }

  async removeRegistry(registryId: RegistryId): Promise<void> {
    this.#registries.delete(registryId);
  }

  async *keys(
    registryId: RegistryId,
    options?: { readonly writtenBefore?: Instant },
  ): AsyncIterableIterator<StorageKey> {
    const before = options?.writtenBefore ?? Number.POSITIVE_INFINITY;
    for (const [key, object] of [...(this.#registries.get(registryId) ?? [])]) {
      if (object.writtenAt < before) {
        yield key;
      }
    }
  }

  async *registries(): AsyncIterableIterator<RegistryId> {
    yield* [...this.#registries.keys()];
  }
}

class MemoryAppender implements ObjectAppender {
  readonly #object: MemoryObject;
  #isClosed = false;

  constructor(object: MemoryObject) {
    this.#object = object;
  }

  async write(pieces: readonly Uint8Array[]): Promise<void> {
    this.#expectOpen();
    this.#object.bytes = Buffer.concat([this.#object.bytes, ...pieces]);
    this.#object.writtenAt = Date.now();
    for (const piece of pieces) {
      giveBack(piece);
    }
  }

  async sync(): Promise<void> {
    this.#expectOpen();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #expectOpen(): void {
    if (this.#isClosed) {
      throw new Error("the object was closed while it was appended to");
    }
  }
}

class MemoryReader implements ObjectReader {
  readonly #object: MemoryObject;
  readonly #signal: AbortSignal;
  #isClosed = false;

  constructor(object: MemoryObject, signal: AbortSignal) {
    this.#object = object;
    this.#signal = signal;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    this.#signal.throwIfAborted();
    if (this.#isClosed) {
      throw new Error("the object was closed while it was read");
    }
    const found = this.#object.bytes.subarray(position, position + into.byteLength);
    into.set(found);
    return found.byteLength;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }
}
