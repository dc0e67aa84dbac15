import { randomBytes } from "node:crypto";
import { NONCE_BYTES } from "./object-layout.ts";

const NONCES_PER_DRAW = 512;

/** Random nonces, drawn in bulk: 96 bits at a time cost as much as 6 KiB. No two calls share one. */
export class Nonces {
  #drawn = randomBytes(0);
  #used = 0;

  next(): Uint8Array {
    if (this.#used === this.#drawn.byteLength) {
      this.#drawn = randomBytes(NONCES_PER_DRAW * NONCE_BYTES);
      this.#used = 0;
    }
    const nonce = this.#drawn.subarray(this.#used, this.#used + NONCE_BYTES);
    this.#used += NONCE_BYTES;
    return nonce;
  }
}
