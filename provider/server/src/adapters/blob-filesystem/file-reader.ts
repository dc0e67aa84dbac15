import { close, read } from "node:fs";
import { promisify } from "node:util";
import type { ObjectReader } from "../../ports/object-store.ts";
import { translateUnreadable } from "./file-failure.ts";

const closeFile = promisify(close);

/** Reads an open file in the thread pool. Descriptor and callbacks rather than a `FileHandle`: half the cost for each read. */
export class FileReader implements ObjectReader {
  readonly #file: number;
  readonly #signal: AbortSignal;
  readonly #reads = new Set<Promise<number>>();
  #closing: Promise<void> | undefined;

  /** Takes the file descriptor over. */
  constructor(file: number, signal: AbortSignal) {
    this.#file = file;
    this.#signal = signal;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    this.#signal.throwIfAborted();
    if (this.#closing !== undefined) {
      throw new Error("the object was closed while it was read");
    }
    const reading = this.#fill(into, position);
    this.#reads.add(reading);
    try {
      const bytes = await reading;
      this.#signal.throwIfAborted();
      return bytes;
    } finally {
      this.#reads.delete(reading);
    }
  }

  close(): Promise<void> {
    // A descriptor that is closed under a read may by then belong to another file.
    this.#closing ??= Promise.allSettled(this.#reads).then(() => closeFile(this.#file));
    return this.#closing;
  }

  #fill(into: Uint8Array, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      let filled = 0;
      const next = (): void => {
        read(this.#file, into, filled, into.byteLength - filled, position + filled, done);
      };
      const done = (error: Error | null, bytes: number): void => {
        filled += bytes;
        if (error !== null) {
          reject(translateUnreadable(error));
        } else if (bytes === 0 || filled === into.byteLength) {
          resolve(filled);
        } else {
          next();
        }
      };
      next();
    });
  }
}
