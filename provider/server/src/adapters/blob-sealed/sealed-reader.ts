import { createDecipheriv, type KeyObject } from "node:crypto";
import { giveBack } from "../../domain/give-back.ts";
import { BLOB_BLOCK_BYTES, BLOB_READ_AHEAD_BLOCKS } from "../../domain/limits.ts";
import type { BlobRange } from "../../ports/blob-store.ts";
import type { ObjectReader } from "../../ports/object-store.ts";
import { frameBytes, frameNumber, frameStart, NONCE_BYTES, TAG_BYTES } from "./object-layout.ts";

/**
 * Reads, opens and yields the blocks that a range touches, one after the other, while the next ones are read already. A block is
 * yielded only after its tag was found right.
 *
 * Sealed bytes lie in BLOB_READ_AHEAD_BLOCKS buffers, used in turn: opening a frame is synchronous, so its buffer is free for the
 * next read at once.
 */
export async function* openFrames(
  reader: ObjectReader,
  readKey: () => Promise<KeyObject>,
  { start, end, size }: BlobRange,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
): AsyncIterableIterator<Uint8Array> {
  const first = Math.floor(start / BLOB_BLOCK_BYTES);
  const beyond = Math.ceil(end / BLOB_BLOCK_BYTES);
  const ahead = new FramesAhead(reader, first, start === end ? first : beyond, size);
  try {
    const key = await readKey();
    for (let index = first; index < ahead.beyond; index++) {
      const sealed = await ahead.frame(index);
      signal.throwIfAborted();
      if (sealed.byteLength < frameBytes(index, size)) {
        throw new Error(`object ${name} is cut off in block ${index}`);
      }
      const block = openFrame(key, index, sealed, name);
      ahead.release(index);
      const blockStart = index * BLOB_BLOCK_BYTES;
      const from = Math.max(0, start - blockStart);
      const to = end - blockStart;
      yield from === 0 && to >= block.byteLength ? block : block.subarray(from, to);
    }
  } finally {
    await ahead.close();
  }
}

/** Frames that are being read. */
class FramesAhead {
  readonly #reader: ObjectReader;
  readonly #size: number;
  readonly #first: number;
  readonly beyond: number;
  readonly #buffers: Uint8Array[] = [];
  readonly #reads: Promise<number>[] = [];

  constructor(reader: ObjectReader, first: number, beyond: number, size: number) {
    this.#reader = reader;
    this.#first = first;
    this.beyond = beyond;
    this.#size = size;
    for (let index = first; index < Math.min(beyond, first + BLOB_READ_AHEAD_BLOCKS); index++) {
      // Not from the pool, so that the memory can be given back.
      this.#buffers.push(Buffer.allocUnsafeSlow(frameBytes(index, size)));
      this.#read(index);
    }
  }

  /** The frame's bytes, as many as there are. */
  async frame(index: number): Promise<Uint8Array> {
    const slot = this.#slot(index);
    const bytes = await this.#reads[slot];
    return this.#bufferOf(index).subarray(0, bytes);
  }

  /** Reads a later frame to where this one was. */
  release(index: number): void {
    const next = index + BLOB_READ_AHEAD_BLOCKS;
    if (next < this.beyond) {
      this.#read(next);
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#reads);
    this.#buffers.forEach(giveBack);
  }

  #read(index: number): void {
    const reading = this.#reader.read(this.#bufferOf(index), frameStart(index));
    // Whoever comes for the frame sees the failure; it may be that nobody does.
    reading.catch(() => {});
    this.#reads[this.#slot(index)] = reading;
  }

  #bufferOf(index: number): Uint8Array {
    // A frame is never longer than the ones before it, whose buffer it uses.
    const buffer = this.#buffers[this.#slot(index)] ?? new Uint8Array(0);
    return buffer.subarray(0, frameBytes(index, this.#size));
  }

  #slot(index: number): number {
    return (index - this.#first) % BLOB_READ_AHEAD_BLOCKS;
  }
}

function openFrame(key: KeyObject, index: number, sealed: Uint8Array, name: string): Uint8Array {
  try {
    const end = sealed.byteLength - TAG_BYTES;
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(frameNumber(index));
    decipher.setAuthTag(sealed.subarray(end));
    const plain = decipher.update(sealed.subarray(NONCE_BYTES, end));
    try {
      decipher.final();
    } catch (error) {
      giveBack(plain);
      throw error;
    }
    return plain;
  } catch (error) {
    throw new Error(
      `block ${index} of object ${name} is damaged: its bytes were altered or moved`,
      { cause: error },
    );
  }
}
