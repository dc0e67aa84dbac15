import assert from "node:assert";
import type { KeyObject } from "node:crypto";
import { giveBack } from "../../domain/give-back.ts";
import { BLOB_BLOCK_BYTES } from "../../domain/limits.ts";
import type { BlobAppender } from "../../ports/blob-store.ts";
import type { ObjectAppender } from "../../ports/object-store.ts";
import { FrameUnderSeal } from "./frame-under-seal.ts";
import type { Nonces } from "./nonces.ts";

/**
 * Cuts what arrives into blocks and seals each into a frame. A frame goes to the object store when it is complete, the header together
 * with the first one; so the store holds whole frames and, once finished, a last short one.
 *
 * A frame that could not be written is gone, and with it everything behind: the first failure is final, so that nothing is called
 * durable that has a hole in it.
 */
export class SealedAppender implements BlobAppender {
  readonly #appender: ObjectAppender;
  readonly #key: KeyObject;
  readonly #nonces: Nonces;
  #header: Uint8Array | undefined;
  /** Of the frame under seal, or of the next one. */
  #index: number;
  #durableIndex: number;
  #frame: FrameUnderSeal | undefined;
  #failure: unknown;
  #isFinished = false;
  #isClosed = false;

  /** Takes the appender over. `header` is set where the object is new. */
  constructor(
    appender: ObjectAppender,
    key: KeyObject,
    nonces: Nonces,
    index: number,
    header: Uint8Array | undefined,
  ) {
    this.#appender = appender;
    this.#key = key;
    this.#nonces = nonces;
    this.#index = index;
    this.#durableIndex = index;
    this.#header = header;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#expectOpen();
    let from = 0;
    while (from < chunk.byteLength) {
      const frame = this.#currentFrame();
      const part = chunk.subarray(from, from + frame.room);
      from += part.byteLength;
      frame.take(part);
      if (frame.room === 0) {
        await this.#writeFrame(frame);
        this.#expectOpen();
      }
    }
    giveBack(chunk);
  }

  async checkpoint(): Promise<{ readonly offset: number; readonly rest: Uint8Array }> {
    this.#expectOpen();
    const rest = this.#frame?.plain() ?? new Uint8Array(0);
    const index = this.#index;
    if (index > this.#durableIndex) {
      await this.#step(this.#appender.sync());
      this.#durableIndex = index;
    }
    return { offset: index * BLOB_BLOCK_BYTES, rest };
  }

  async finish(): Promise<void> {
    this.#expectOpen();
    this.#isFinished = true;
    if (this.#frame !== undefined) {
      await this.#writeFrame(this.#frame);
    } else if (this.#header !== undefined) {
      await this.#step(this.#appender.write([this.#header]));
    }
    await this.#step(this.#appender.sync());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#frame?.discard();
    this.#frame = undefined;
    await this.#appender.close();
  }

  #currentFrame(): FrameUnderSeal {
    this.#frame ??= new FrameUnderSeal(this.#key, this.#nonces.next(), this.#index);
    return this.#frame;
  }

  async #writeFrame(frame: FrameUnderSeal): Promise<void> {
    const pieces = frame.complete();
    this.#frame = undefined;
    this.#index++;
    if (this.#header !== undefined) {
      pieces.unshift(this.#header);
      this.#header = undefined;
    }
    await this.#step(this.#appender.write(pieces));
  }

  /** Waits for a step; where it fails, no other one succeeds after it. */
  async #step(step: Promise<void>): Promise<void> {
    try {
      await step;
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  #expectOpen(): void {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    assert(!this.#isFinished, "a finished blob takes nothing more");
    if (this.#isClosed) {
      throw new Error("the blob was closed while it was appended to");
    }
  }
}
