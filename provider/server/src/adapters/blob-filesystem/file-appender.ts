import { giveBack } from "../../domain/give-back.ts";
import { OBJECT_SYNC_BYTES } from "../../domain/limits.ts";
import type { ObjectAppender } from "../../ports/object-store.ts";
import { translateFull } from "./file-failure.ts";
import type { ObjectFile } from "./object-file.ts";
import { PAGE_BYTES, type StagingBuffers } from "./staging-buffers.ts";

/**
 * Appends to an open file. Bytes gather in a buffer; a full one is written in the thread pool while the next one fills. One write at a time:
 * the kernel lets in one for each file, and others that wait for it burn a core. Where bytes end up in the page cache, the disk is told to
 * start every OBJECT_SYNC_BYTES, so that little is left to wait for in `sync`.
 *
 * The first failure of a write or a sync is final: after a failed `fdatasync` the kernel may call the next one a success though bytes
 * are lost, so an appender that failed once never reports that anything is durable. It cuts off what it wrote since the last sync: on a
 * full disk that is room that others need.
 */
export class FileAppender implements ObjectAppender {
  readonly #file: ObjectFile;
  readonly #buffers: StagingBuffers;
  readonly #persistName: () => Promise<void>;
  /** Where in the file the staged bytes belong. */
  #position: number;
  #durablePosition: number;
  #staging: Staging | undefined;
  #writes = 0;
  #syncs = 0;
  #isNamed = false;
  #failure: unknown;
  #closing: Promise<void> | undefined;
  #change: PromiseWithResolvers<void> | undefined;

  /** Takes the file over. `persistName` makes its directory entry durable. */
  constructor(
    file: ObjectFile,
    position: number,
    buffers: StagingBuffers,
    persistName: () => Promise<void>,
  ) {
    this.#file = file;
    this.#position = position;
    this.#durablePosition = position;
    this.#buffers = buffers;
    this.#persistName = persistName;
  }

  async write(pieces: readonly Uint8Array[]): Promise<void> {
    this.#expectUsable();
    for (const piece of pieces) {
      for (let from = 0; from < piece.byteLength; ) {
        const staging = this.#currentStaging();
        from += staging.take(piece, from);
        if (staging.isFull) {
          await this.#until(() => this.#writes === 0);
          this.#expectUsable();
          this.#startWrite();
        }
      }
      giveBack(piece);
    }
  }

  async sync(): Promise<void> {
    await this.#until(() => this.#writes === 0);
    this.#expectUsable();
    this.#startWrite();
    await this.#until(() => this.#writes === 0);
    this.#expectUsable();
    const position = this.#position;
    // Side by side: a journalling file system writes both in one go.
    await Promise.all([this.#startSync(), this.#nameDurably()]);
    await this.#until(() => this.#syncs === 0);
    this.#expectUsable();
    this.#durablePosition = position;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#until(() => this.#writes === 0 && this.#syncs === 0);
    if (this.#staging !== undefined) {
      this.#buffers.put(this.#staging.buffer);
      this.#staging = undefined;
    }
    if (this.#failure !== undefined) {
      // Best effort: what stays is cut off by the next append, or goes with its upload.
      await this.#file.truncate(this.#durablePosition).catch(() => {});
    }
    await this.#file.close();
  }

  #currentStaging(): Staging {
    this.#staging ??= new Staging(this.#buffers.take(), this.#position % PAGE_BYTES);
    return this.#staging;
  }

  /** Writes what is staged, while more may be staged. */
  #startWrite(): void {
    const staging = this.#staging;
    if (staging === undefined) {
      return;
    }
    const position = this.#position;
    this.#position += staging.bytes.byteLength;
    this.#staging = undefined;
    this.#writes++;
    this.#file
      .write(staging.bytes, position)
      .catch((error: unknown) => {
        this.#failure ??= translateFull(error);
      })
      .finally(() => {
        this.#writes--;
        this.#buffers.put(staging.buffer);
        if (this.#file.unsyncedCachedBytes >= OBJECT_SYNC_BYTES && this.#syncs === 0) {
          // Waited for by `sync` and `close`; its failure is kept for the next call.
          this.#startSync().catch(() => {});
        }
        this.#changed();
      });
  }

  async #startSync(): Promise<void> {
    this.#syncs++;
    try {
      await this.#file.sync();
    } catch (error) {
      this.#failure ??= translateFull(error);
      throw this.#failure;
    } finally {
      this.#syncs--;
      this.#changed();
    }
  }

  async #nameDurably(): Promise<void> {
    if (this.#isNamed) {
      return;
    }
    try {
      await this.#persistName();
      this.#isNamed = true;
    } catch (error) {
      this.#failure ??= translateFull(error);
      throw this.#failure;
    }
  }

  async #until(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      this.#change ??= Promise.withResolvers();
      await this.#change.promise;
    }
  }

  #changed(): void {
    this.#change?.resolve();
    this.#change = undefined;
  }

  #expectUsable(): void {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    if (this.#closing !== undefined) {
      throw new Error("the object was closed while it was appended to");
    }
  }
}

/** Bytes that gather in a buffer, from `start` on. */
class Staging {
  readonly buffer: Uint8Array;
  readonly #start: number;
  #end: number;

  constructor(buffer: Uint8Array, start: number) {
    this.buffer = buffer;
    this.#start = start;
    this.#end = start;
  }

  get isFull(): boolean {
    return this.#end === this.buffer.byteLength;
  }

  get bytes(): Uint8Array {
    return this.buffer.subarray(this.#start, this.#end);
  }

  /** Copies what fits of a piece, from a place in it on, and returns how much that was. */
  take(piece: Uint8Array, from: number): number {
    const part = piece.subarray(from, from + this.buffer.byteLength - this.#end);
    this.buffer.set(part, this.#end);
    this.#end += part.byteLength;
    return part.byteLength;
  }
}
