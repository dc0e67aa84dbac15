import { close, constants, fdatasync, ftruncate, open, write } from "node:fs";
import { promisify } from "node:util";
import { hasCode, isMissing } from "./file-failure.ts";
import { PAGE_BYTES } from "./staging-buffers.ts";

const openFile = promisify(open);
const closeFile = promisify(close);
const syncFile = promisify(fdatasync);
const truncateFile = promisify(ftruncate);
const writeFile = promisify(write);

/** Whether the directory's file system writes past the page cache: found out once, by trying. */
export interface DirectWriting {
  isPossible: boolean;
  /** Hears of it when it turns out not to be; `call`: which system call said so. */
  onRefusal?(call: "open" | "write"): void;
}

/**
 * A file that is written once, from one end to the other.
 *
 * Whole pages go past the kernel's page cache (`O_DIRECT`), where the file system can do that: filling the cache with bytes that nobody
 * is about to read costs more than all other steps of a push. What begins or ends within a page goes through the cache; in one append no
 * page is written both ways.
 */
export class ObjectFile {
  readonly #path: string;
  readonly #cached: number;
  readonly #writing: DirectWriting;
  #direct: number | undefined;
  #unsyncedCachedBytes = 0;

  /** Takes the file descriptor over. */
  constructor(path: string, file: number, writing: DirectWriting) {
    this.#path = path;
    this.#cached = file;
    this.#writing = writing;
  }

  /** How much in the page cache nobody has told the disk to write. */
  get unsyncedCachedBytes(): number {
    return this.#unsyncedCachedBytes;
  }

  /** Writes bytes whose place in memory and whose place in the file are equally far behind a page's edge. */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    const end = position + bytes.byteLength;
    const firstPage = Math.ceil(position / PAGE_BYTES) * PAGE_BYTES;
    const lastPage = Math.floor(end / PAGE_BYTES) * PAGE_BYTES;
    if (firstPage >= lastPage) {
      await this.#writeCached(bytes, position);
      return;
    }
    const pages = bytes.subarray(firstPage - position, lastPage - position);
    await this.#writeCached(bytes.subarray(0, firstPage - position), position);
    const written = await this.#writeDirect(pages, firstPage);
    await this.#writeCached(pages.subarray(written), firstPage + written);
    await this.#writeCached(bytes.subarray(lastPage - position), lastPage);
  }

  async sync(): Promise<void> {
    this.#unsyncedCachedBytes = 0;
    await syncFile(this.#cached);
  }

  truncate(position: number): Promise<void> {
    return truncateFile(this.#cached, position);
  }

  async close(): Promise<void> {
    const files = this.#direct === undefined ? [this.#cached] : [this.#cached, this.#direct];
    await Promise.all(files.map((file) => closeFile(file)));
  }

  /** Returns how much was written: not all where this cannot be done, or where the disk is full, which the next write will say. */
  async #writeDirect(pages: Uint8Array, position: number): Promise<number> {
    if (!this.#writing.isPossible) {
      return 0;
    }
    try {
      this.#direct ??= await openFile(this.#path, constants.O_WRONLY | constants.O_DIRECT);
      const { bytesWritten } = await writeFile(this.#direct, pages, 0, pages.byteLength, position);
      return bytesWritten;
    } catch (error) {
      if (hasCode(error, "EINVAL")) {
        this.#giveUp(this.#direct === undefined ? "open" : "write");
        return 0;
      }
      if (this.#direct === undefined && isMissing(error)) {
        // Removed with its registry meanwhile: what is written is for nobody, which the upload's end will find out.
        return 0;
      }
      throw error;
    }
  }

  /** Told once, of however many writes are under way. */
  #giveUp(call: "open" | "write"): void {
    if (this.#writing.isPossible) {
      this.#writing.isPossible = false;
      this.#writing.onRefusal?.(call);
    }
  }

  async #writeCached(bytes: Uint8Array, position: number): Promise<void> {
    this.#unsyncedCachedBytes += bytes.byteLength;
    for (let from = 0; from < bytes.byteLength; ) {
      const rest = bytes.byteLength - from;
      // A write may stop early, and says why only when it is called for the remainder.
      const { bytesWritten } = await writeFile(this.#cached, bytes, from, rest, position + from);
      if (bytesWritten === 0) {
        throw new Error(`nothing of ${rest} bytes could be written`);
      }
      from += bytesWritten;
    }
  }
}
