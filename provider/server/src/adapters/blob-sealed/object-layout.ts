import { BLOB_BLOCK_BYTES } from "../../domain/limits.ts";

/*
 * What a sealed object looks like in the object store:
 *
 *   ┌───────────┬─────────┬─────────┬───────────┬───────────┬── ── ──┬───────────┐
 *   │ "MOORAGE" │ version │  salt   │  frame 0  │  frame 1  │        │  frame n  │
 *   │  7 bytes  │ 1 byte  │ 32 bytes│           │           │        │ may be    │
 *   │           │  = 1    │ random  │           │           │        │ shorter   │
 *   └───────────┴─────────┴─────────┴─────┬─────┴───────────┴── ── ──┴───────────┘
 *                                         │
 *   frame i = ┌──────────┬───────────────────────────┬──────────┐
 *             │  nonce   │  ciphertext of block i    │   tag    │   AES-256-GCM
 *             │ 12 bytes │  BLOB_BLOCK_BYTES, or the │ 16 bytes │   additional data: i, 64 bits, big-endian
 *             │  random  │  shorter rest in the last │          │
 *             └──────────┴───────────────────────────┴──────────┘
 *
 *   key = HKDF-SHA-256(the registry's data key, salt, "blob:" + storage key)
 *
 * An altered byte fails the frame's tag; a frame that was moved or repeated, its number; an object put in another's place, its key; one
 * that was cut off is shorter than the size in the metadata row says. A frame that is written anew after a crash gets a new nonce. There are no
 * frames behind the last block: an empty blob is a header alone.
 */

const MAGIC = Buffer.from("MOORAGE", "latin1");
const VERSION = 1;
export const SALT_BYTES = 32;
const SALT_AT = MAGIC.byteLength + 1;
export const HEADER_BYTES = SALT_AT + SALT_BYTES;

export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
export const FRAME_BYTES = NONCE_BYTES + BLOB_BLOCK_BYTES + TAG_BYTES;

/** Where frame `index` begins. */
export function frameStart(index: number): number {
  return HEADER_BYTES + index * FRAME_BYTES;
}

/** How long frame `index` of a blob of `size` bytes is. */
export function frameBytes(index: number, size: number): number {
  const plain = Math.min(BLOB_BLOCK_BYTES, size - index * BLOB_BLOCK_BYTES);
  return NONCE_BYTES + plain + TAG_BYTES;
}

/** The additional data of frame `index`. */
export function frameNumber(index: number): Uint8Array {
  const number = Buffer.allocUnsafe(8);
  number.writeBigUInt64BE(BigInt(index));
  return number;
}

/** The info from which the key of an object is derived. */
export function keyContext(key: string): string {
  return `blob:${key}`;
}

export function header(salt: Uint8Array): Uint8Array {
  return Buffer.concat([MAGIC, Uint8Array.of(VERSION), salt]);
}

/** The salt in a header; `undefined`: this is no header of ours. */
export function saltOf(bytes: Uint8Array): Uint8Array | undefined {
  const isOurs =
    bytes.byteLength === HEADER_BYTES &&
    MAGIC.equals(bytes.subarray(0, MAGIC.byteLength)) &&
    bytes[MAGIC.byteLength] === VERSION;
  return isOurs ? bytes.slice(SALT_AT) : undefined;
}
