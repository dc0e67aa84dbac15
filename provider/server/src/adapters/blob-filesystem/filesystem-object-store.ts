import assert from "node:assert";
import { close, constants, fstat, ftruncate, open } from "node:fs";
import { mkdir, opendir, rm, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import {
  type Instant,
  parseStorageKey,
  parseUuid,
  type RegistryId,
  type StorageKey,
} from "../../domain/ids.ts";
import type { EventSink } from "../../ports/event-sink.ts";
import type { ObjectAppender, ObjectReader, ObjectStore } from "../../ports/object-store.ts";
import { DurableDirectories } from "./durable-directories.ts";
import { FileAppender } from "./file-appender.ts";
import { isMissing, translateFailure } from "./file-failure.ts";
import { FileReader } from "./file-reader.ts";
import { type DirectWriting, ObjectFile } from "./object-file.ts";
import { StagingBuffers } from "./staging-buffers.ts";

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

const openFile = promisify(open);
const closeFile = promisify(close);
const statFile = promisify(fstat);
const truncateFile = promisify(ftruncate);

/**
 * Keeps objects as files:
 *
 *   <directory>/<registry id>/<first two characters of the key>/<key>
 *
 * A file has its final name from the first byte: keys are random, and nothing looks for one before a metadata row names it, so there is
 * nothing that a rename would hide. Directories are made when first needed and stay until their registry is removed; that an object is
 * removed needs no `fsync`, for what comes back after a power cut is garbage that no row names.
 */
export class FilesystemObjectStore implements ObjectStore {
  readonly #directory: string;
  readonly #directories: DurableDirectories;
  readonly #buffers = new StagingBuffers();
  readonly #writing: DirectWriting;

  private constructor(directory: string, events: Pick<EventSink, "warn"> | undefined) {
    this.#directory = directory;
    this.#writing = {
      isPossible: constants.O_DIRECT !== undefined,
      onRefusal: (call) => events?.warn("direct-writing-refused", { directory, call }),
    };
    this.#directories = new DurableDirectories(directory);
  }

  /** Makes the directory if need be. `events`: where it is told that writing is slower here than it could be. */
  static async open(
    directory: string,
    events?: Pick<EventSink, "warn">,
  ): Promise<FilesystemObjectStore> {
    const store = new FilesystemObjectStore(directory, events);
    await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE });
    await store.#directories.persistTop();
    return store;
  }

  async append(registryId: RegistryId, key: StorageKey, offset: number): Promise<ObjectAppender> {
    const path = this.#pathOf(registryId, key);
    try {
      const file = await (offset === 0 ? this.#create(path) : openAt(path, offset));
      const persistName = () => this.#directories.persist(dirname(path));
      const objectFile = new ObjectFile(path, file, this.#writing);
      return new FileAppender(objectFile, offset, this.#buffers, persistName);
    } catch (error) {
      throw translateFailure(error, registryId, key);
    }
  }

  async open(
    registryId: RegistryId,
    key: StorageKey,
    options: { readonly signal: AbortSignal },
  ): Promise<ObjectReader> {
    options.signal.throwIfAborted();
    const path = this.#pathOf(registryId, key);
    try {
      const file = await openFile(path, constants.O_RDONLY);
      return new FileReader(file, options.signal);
    } catch (error) {
      throw translateFailure(error, registryId, key);
    }
  }

  async remove(registryId: RegistryId, key: StorageKey): Promise<void> {
    await unlink(this.#pathOf(registryId, key)).catch(ignoreMissing);
  }

  async removeRegistry(registryId: RegistryId): Promise<void> {
    // An upload that still creates files in there can make a removal fail that succeeds when repeated.
    await rm(this.#pathOfRegistry(registryId), { recursive: true, force: true, maxRetries: 3 });
  }

  async *keys(
    registryId: RegistryId,
    options?: { readonly writtenBefore?: Instant },
  ): AsyncIterableIterator<StorageKey> {
    const directory = this.#pathOfRegistry(registryId);
    for await (const prefix of namesIn(directory)) {
      for await (const name of namesIn(join(directory, prefix))) {
        const key = parseStorageKey(name);
        if (key === undefined || !key.startsWith(prefix)) {
          continue;
        }
        const before = options?.writtenBefore;
        if (before === undefined || (await isOlder(join(directory, prefix, name), before))) {
          yield key;
        }
      }
    }
  }

  async *registries(): AsyncIterableIterator<RegistryId> {
    for await (const name of namesIn(this.#directory)) {
      const id = parseUuid<RegistryId>(name);
      if (id !== undefined) {
        yield id;
      }
    }
  }

  async #create(path: string): Promise<number> {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC;
    try {
      return await openFile(path, flags, FILE_MODE);
    } catch (error) {
      if (!isMissing(error)) {
        throw error;
      }
      // Never made, or removed with its registry behind our back: what we knew of new names is void.
      const directory = dirname(path);
      const firstMade = await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE });
      this.#directories.forget(directory);
      if (firstMade !== directory) {
        this.#directories.forget(dirname(directory));
      }
      return await openFile(path, flags, FILE_MODE);
    }
  }

  #pathOf(registryId: RegistryId, key: StorageKey): string {
    // The types promise this already; a path is where a broken promise would hurt most.
    assert(parseStorageKey(key) !== undefined, "a storage key may not lead out of its directory");
    return join(this.#pathOfRegistry(registryId), key.slice(0, 2), key);
  }

  #pathOfRegistry(registryId: RegistryId): string {
    assert(parseUuid(registryId) === registryId, "a registry's id must be a UUID in lower case");
    return join(this.#directory, registryId);
  }
}

/** Opens a file that goes on at `offset`. */
async function openAt(path: string, offset: number): Promise<number> {
  const file = await openFile(path, constants.O_RDWR);
  try {
    await cutOff(file, offset);
    return file;
  } catch (error) {
    await closeFile(file);
    throw error;
  }
}

async function cutOff(file: number, offset: number): Promise<void> {
  const { size } = await statFile(file);
  if (size < offset) {
    throw new Error(`it has ${size} bytes, fewer than the ${offset} to append to`);
  }
  if (size > offset) {
    await truncateFile(file, offset);
  }
}

/** Names in a directory; none where there is no such directory. */
async function* namesIn(directory: string): AsyncIterableIterator<string> {
  const entries = await opendir(directory).catch(ignoreMissing);
  if (entries !== undefined) {
    for await (const entry of entries) {
      yield entry.name;
    }
  }
}

async function isOlder(path: string, before: Instant): Promise<boolean> {
  const found = await stat(path).catch(ignoreMissing);
  return found !== undefined && found.mtimeMs < before;
}

function ignoreMissing(error: unknown): undefined {
  if (!isMissing(error)) {
    throw error;
  }
}
