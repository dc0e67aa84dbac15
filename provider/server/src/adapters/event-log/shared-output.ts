import { write, writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { locks } from "node:worker_threads";
import type { DestinationStream } from "pino";

/** Lines wait in memory for others until there are so many characters … */
const BATCH_LENGTH = 32 * 1024;
/** … or so long. */
const BATCH_MILLISECONDS = 100;
/** How long a reader that takes nothing at the moment is left alone. */
const FULL_MILLISECONDS = 10;

const LOCK = "standard output";
const writeSome = promisify(write);

/**
 * Standard output for lines that several threads write: batched, since a write costs as much as the rest of a small request, and one
 * thread at a time, since the kernel mixes writes to a pipe beyond 4 KiB. What still waits when a thread dies is written then.
 */
export class SharedOutput implements DestinationStream {
  readonly #fd: number;
  readonly #writeRest = () => this.#writeAtExit();
  #isHeard = false;
  #waiting = "";
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(fd: number) {
    this.#fd = fd;
  }

  write(line: string): void {
    if (!this.#isHeard) {
      this.#isHeard = true;
      process.once("exit", this.#writeRest);
    }
    this.#waiting += line;
    if (this.#waiting.length >= BATCH_LENGTH) {
      void this.flush();
    } else {
      this.#timer ??= setTimeout(() => void this.flush(), BATCH_MILLISECONDS).unref();
    }
  }

  /** Resolves when everything that waits is written, or cannot be. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async close(): Promise<void> {
    await this.flush();
    process.off("exit", this.#writeRest);
    this.#isHeard = false;
  }

  async #writeAll(): Promise<void> {
    // Waiting for the lock does not keep a thread alive.
    const awake = setInterval(() => {}, BATCH_MILLISECONDS);
    while (this.#waiting !== "") {
      await this.#writeBatch(Buffer.from(this.#takeWaiting()));
    }
    clearInterval(awake);
  }

  async #writeBatch(bytes: Uint8Array): Promise<void> {
    try {
      await locks.request(LOCK, () => writeWhole(this.#fd, bytes));
    } catch (error) {
      // Nobody reads any more, or the disk is full: there is nowhere else to tell of what happens here.
      process.stderr.write(`moorage: the log cannot be written: ${String(error)}\n`);
    }
  }

  #writeAtExit(): void {
    try {
      // Line by line, since nothing can be waited for: a short write stays in one piece without the lock.
      for (const line of this.#takeWaiting().split(/(?<=\n)/)) {
        writeSync(this.#fd, line);
      }
    } catch {
      // The thread ends, whatever becomes of its last lines; its exit code tells of something else.
    }
  }

  #takeWaiting(): string {
    const waiting = this.#waiting;
    this.#waiting = "";
    return waiting;
  }
}

async function writeWhole(fd: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    try {
      at += (await writeSome(fd, bytes, at)).bytesWritten;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) {
        throw error;
      }
      await delay(FULL_MILLISECONDS);
    }
  }
}
