import { type CipherGCM, createCipheriv, type KeyObject } from "node:crypto";
import { giveBack } from "../../domain/give-back.ts";
import { BLOB_BLOCK_BYTES } from "../../domain/limits.ts";
import { frameNumber, TAG_BYTES } from "./object-layout.ts";

/** Beyond so many small pieces they are copied together: a sender of single bytes must not cost a buffer for each. */
const SMALL_PIECES_MAX = 512;

/**
 * One frame while its plain bytes arrive. They are enciphered as they come, and kept until the frame is complete, because until then a
 * checkpoint needs them.
 */
export class FrameUnderSeal {
  readonly #nonce: Uint8Array;
  readonly #cipher: CipherGCM;
  readonly #sealed = new Pieces();
  readonly #plain = new Pieces();
  /** Chunks that end in this frame and whose memory is ours. */
  #spent: Uint8Array[] = [];
  #room = BLOB_BLOCK_BYTES;

  constructor(key: KeyObject, nonce: Uint8Array, index: number) {
    this.#nonce = nonce;
    this.#cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
    this.#cipher.setAAD(frameNumber(index));
  }

  /** How many more plain bytes fit. */
  get room(): number {
    return this.#room;
  }

  /** Takes the next bytes; `spent` is the chunk that they are the last part of. */
  take(part: Uint8Array, spent: Uint8Array | undefined): void {
    this.#sealed.push(this.#cipher.update(part));
    this.#plain.push(part);
    if (spent !== undefined) {
      this.#spent.push(spent);
    }
    this.#room -= part.byteLength;
    if (this.#plain.mergeSmall()) {
      // The copies stand in for them from here on.
      this.#giveBackSpent();
    }
    this.#sealed.mergeSmall();
  }

  /** A copy of the plain bytes. */
  plain(): Uint8Array {
    return this.#plain.copy();
  }

  /** The whole frame; only `discard` may follow. */
  complete(): Uint8Array[] {
    this.#cipher.final();
    const pieces = [this.#nonce, ...this.#sealed.list, this.#cipher.getAuthTag()];
    this.#sealed.clear();
    return pieces;
  }

  /** Gives all memory back that the frame still holds. */
  discard(): void {
    this.#giveBackSpent();
    for (const piece of [...this.#plain.list, ...this.#sealed.list]) {
      giveBack(piece);
    }
    this.#plain.clear();
    this.#sealed.clear();
  }

  #giveBackSpent(): void {
    for (const chunk of this.#spent) {
      giveBack(chunk);
    }
    this.#spent = [];
  }
}

/** Pieces of bytes in order. */
class Pieces {
  list: Uint8Array[] = [];
  #merged = 0;

  push(piece: Uint8Array): void {
    this.list.push(piece);
  }

  /** Copies the latest pieces together if they have become too many; `true`: they were. */
  mergeSmall(): boolean {
    if (this.list.length - this.#merged < SMALL_PIECES_MAX) {
      return false;
    }
    const merged = Buffer.concat(this.list.slice(this.#merged));
    this.list.length = this.#merged;
    this.list.push(merged);
    this.#merged++;
    return true;
  }

  copy(): Uint8Array {
    return Buffer.concat(this.list);
  }

  clear(): void {
    this.list = [];
    this.#merged = 0;
  }
}
