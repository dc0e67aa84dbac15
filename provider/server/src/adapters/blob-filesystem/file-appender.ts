import { close, fdatasync, ftruncate, writev } from "node:fs";
import { promisify } from "node:util";
import { giveBack } from "../../domain/give-back.ts";
import { OBJECT_SYNC_BYTES, OBJECT_WRITES_IN_FLIGHT_MAX } from "../../domain/limits.ts";
import type { ObjectAppender } from "../../ports/object-store.ts";
import { translateFull } from "./file-failure.ts";

const closeFile = promisify(close);
const syncFile = promisify(fdatasync);
const truncateFile = promisify(ftruncate);

/**
 * Appends to an open file. Each `write` is one `writev` in the thread pool, at a position of its own, so that several run at once;
 * every OBJECT_SYNC_BYTES the disk is told to start, so that little is left to wait for in `sync`.
 *
 * The first failure of a write or a sync is final: after a failed `fdatasync` the kernel may call the next one a success though bytes
 * are lost, so an appender that failed once never reports that anything is durable. It cuts off what it wrote since the last sync: on a
 * full disk that is room that others need.
 */
export class FileAppender implements ObjectAppender {
  readonly #file: number;
  readonly #persistName: () => Promise<void>;
  #position: number;
  #durablePosition: number;
  #writes = 0;
  #syncs = 0;
  #unsyncedBytes = 0;
  #isNamed = false;
  #failure: unknown;
  #closing: Promise<void> | undefined;
  #change: PromiseWithResolvers<void> | undefined;

  /** Takes the file descriptor over. `persistName` makes the file's directory entry durable. */
  constructor(file: number, position: number, persistName: () => Promise<void>) {
    this.#file = file;
    this.#position = position;
    this.#durablePosition = position;
    this.#persistName = persistName;
  }

  async write(pieces: readonly Uint8Array[]): Promise<void> {
    this.#expectUsable();
    const bytes = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
    this.#startWrite(pieces, bytes);
    this.#unsyncedBytes += bytes;
    if (this.#unsyncedBytes >= OBJECT_SYNC_BYTES && this.#syncs === 0) {
      // Waited for by `sync` and `close`; its failure is kept for the next call.
      this.#startSync().catch(() => {});
    }
    await this.#until(() => this.#writes < OBJECT_WRITES_IN_FLIGHT_MAX);
    this.#expectUsable();
  }

  async sync(): Promise<void> {
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
    if (this.#failure !== undefined) {
      // Best effort: what stays is cut off by the next append, or goes with its upload.
      await truncateFile(this.#file, this.#durablePosition).catch(() => {});
    }
    await closeFile(this.#file);
  }

  #startWrite(pieces: readonly Uint8Array[], bytes: number): void {
    const position = this.#position;
    this.#position += bytes;
    this.#writes++;
    writeFully(this.#file, pieces, bytes, position, (error) => {
      this.#writes--;
      if (error !== null) {
        this.#failure ??= translateFull(error);
      }
      for (const piece of pieces) {
        giveBack(piece);
      }
      this.#changed();
    });
  }

  async #startSync(): Promise<void> {
    this.#syncs++;
    this.#unsyncedBytes = 0;
    try {
      await syncFile(this.#file);
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

/** `writev` may stop early, and says why only when it is called for the remainder. */
function writeFully(
  file: number,
  pieces: readonly Uint8Array[],
  bytes: number,
  position: number,
  done: (error: Error | null) => void,
): void {
  if (bytes === 0) {
    queueMicrotask(() => done(null));
    return;
  }
  writev(file, pieces, position, (error, written) => {
    if (error !== null) {
      done(error);
    } else if (written === bytes) {
      done(null);
    } else if (written === 0) {
      done(new Error(`nothing of ${bytes} bytes could be written`));
    } else {
      writeFully(file, without(pieces, written), bytes - written, position + written, done);
    }
  });
}

function without(pieces: readonly Uint8Array[], written: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skip = written;
  for (const piece of pieces) {
    if (skip < piece.byteLength) {
      rest.push(piece.subarray(skip));
    }
    skip = Math.max(0, skip - piece.byteLength);
  }
  return rest;
}
