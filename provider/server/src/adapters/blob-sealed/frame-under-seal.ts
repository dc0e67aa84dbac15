import { type CipherGCM, createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";
import { giveBack } from "../../domain/give-back.ts";
import { BLOB_BLOCK_BYTES } from "../../domain/limits.ts";
import { frameNumber, TAG_BYTES } from "./object-layout.ts";

/** Beyond so many small pieces they are copied together: a sender of single bytes must not cost a buffer for each. */
const SMALL_PIECES_MAX = 512;

/**
 * One frame while its plain bytes arrive. They are enciphered as they come, and not kept: a checkpoint, which needs those of an
 * unfinished frame, deciphers them again.
 */
export class FrameUnderSeal {
  readonly #key: KeyObject;
  readonly #nonce: Uint8Array;
  readonly #cipher: CipherGCM;
  #pieces: Uint8Array[] = [];
  /** How many of the pieces are made of small ones. */
  #merged = 0;
  #room = BLOB_BLOCK_BYTES;

  constructor(key: KeyObject, nonce: Uint8Array, index: number) {
    this.#key = key;
    this.#nonce = nonce;
    this.#cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
    this.#cipher.setAAD(frameNumber(index));
  }

  /** How many more plain bytes fit. */
  get room(): number {
    return this.#room;
  }

  /** Takes the next bytes, and needs them no longer. */
  take(part: Uint8Array): void {
    this.#pieces.push(this.#cipher.update(part));
    this.#room -= part.byteLength;
    if (this.#pieces.length - this.#merged >= SMALL_PIECES_MAX) {
      this.#pieces.push(Buffer.concat(this.#pieces.splice(this.#merged)));
      this.#merged++;
    }
  }

  /** A copy of the plain bytes. What never left our memory needs no tag. */
  plain(): Uint8Array {
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv("aes-256-gcm", this.#key, this.#nonce, options);
    return Buffer.concat(this.#pieces.map((piece) => decipher.update(piece)));
  }

  /** The whole frame, which is the caller's; nothing may follow. */
  complete(): Uint8Array[] {
    this.#cipher.final();
    const pieces = [this.#nonce, ...this.#pieces, this.#cipher.getAuthTag()];
    this.#pieces = [];
    return pieces;
  }

  /** Gives all memory back that the frame still holds. */
  discard(): void {
    this.#pieces.forEach(giveBack);
    this.#pieces = [];
  }
}
