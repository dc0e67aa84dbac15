import assert from "node:assert";
import { createDecipheriv, type KeyObject } from "node:crypto";
import { DamageError } from "../../domain/damage-error.ts";
import { giveBack } from "../../domain/give-back.ts";
import { BLOB_BLOCK_BYTES } from "../../domain/limits.ts";
import type { BlobRange } from "../../ports/blob-store.ts";
import type { ObjectReader } from "../../ports/object-store.ts";
import { frameBytes, frameNumber, frameStart, NONCE_BYTES, TAG_BYTES } from "./object-layout.ts";

/** What is read, and how. */
export interface SealedReading {
  readonly range: BlobRange;
  /** The object's name, for messages. */
  readonly name: string;
  /** So many are read in one go while those before them are opened; 0: none, and a reader holds one block alone. */
  readonly blocksAhead: number;
  readonly signal: AbortSignal;
}

/**
 * Reads, opens and yields the blocks that a range touches, one after the other, while the next ones are read already. A block is
 * yielded only after its tag was found right.
 */
export async function* openFrames(
  reader: ObjectReader,
  readKey: () => Promise<KeyObject>,
  { range: { start, end, size }, name, blocksAhead, signal }: SealedReading,
): AsyncIterableIterator<Uint8Array> {
  const first = Math.floor(start / BLOB_BLOCK_BYTES);
  const beyond = start === end ? first : Math.ceil(end / BLOB_BLOCK_BYTES);
  const ahead = new FramesAhead(reader, first, beyond, size, blocksAhead);
  try {
    const key = await readKey();
    for (let index = first; index < beyond; index++) {
      const sealed = await ahead.frame(index);
      signal.throwIfAborted();
      if (sealed.byteLength < frameBytes(index, size)) {
        throw new DamageError(`object ${name} is cut off in block ${index}`);
      }
      const block = openFrame(key, index, sealed, name);
      if (blocksAhead === 0) {
        // Whoever takes it may be slow.
        ahead.release();
      }
      const blockStart = index * BLOB_BLOCK_BYTES;
      const from = Math.max(0, start - blockStart);
      const to = end - blockStart;
      yield from === 0 && to >= block.byteLength ? block : block.subarray(from, to);
    }
  } finally {
    await ahead.close();
  }
}

/**
 * Frames that are read ahead: several in one go, while those of the go before are opened. The first go is a single frame, so that the first
 * byte does not wait for more.
 */
class FramesAhead {
  readonly #reader: ObjectReader;
  readonly #size: number;
  readonly #blocksAhead: number;
  readonly #beyond: number;
  #current: Batch | undefined;
  #next: Batch | undefined;
  /** A buffer that no batch uses at the moment. */
  #spare: Uint8Array | undefined;

  constructor(
    reader: ObjectReader,
    first: number,
    beyond: number,
    size: number,
    blocksAhead: number,
  ) {
    this.#reader = reader;
    this.#beyond = beyond;
    this.#size = size;
    this.#blocksAhead = blocksAhead;
    if (first < beyond) {
      this.#current = this.#read(first, 1);
      this.#readOn(first + 1);
    }
  }

  /** The next frame's bytes, as many as there are; they are gone when the one after it is asked for. */
  async frame(index: number): Promise<Uint8Array> {
    if (this.#current === undefined || index >= this.#current.beyond) {
      this.#spare = this.#current?.buffer;
      this.#current = this.#next ?? this.#read(index, 1);
      this.#readOn(this.#current.beyond);
    }
    const batch = this.#current;
    assert(batch.first <= index, "frames are taken in their order");
    const bytes = await batch.reading;
    const start = frameStart(index) - frameStart(batch.first);
    const end = Math.min(start + frameBytes(index, this.#size), bytes);
    return batch.buffer.subarray(start, Math.max(start, end));
  }

  /** Lets the frames go that were asked for so far. */
  release(): void {
    if (this.#current !== undefined) {
      giveBack(this.#current.buffer);
      this.#current = undefined;
    }
  }

  async close(): Promise<void> {
    const batches = [this.#current, this.#next];
    await Promise.allSettled(batches.map((batch) => batch?.reading));
    for (const buffer of [...batches.map((batch) => batch?.buffer), this.#spare]) {
      if (buffer !== undefined) {
        giveBack(buffer);
      }
    }
  }

  #readOn(first: number): void {
    const isThereMore = this.#blocksAhead > 0 && first < this.#beyond;
    this.#next = isThereMore ? this.#read(first, this.#blocksAhead) : undefined;
  }

  #read(first: number, blocks: number): Batch {
    const beyond = Math.min(this.#beyond, first + blocks);
    const position = frameStart(first);
    const last = beyond - 1;
    const bytes = frameStart(last) + frameBytes(last, this.#size) - position;
    const buffer = this.#bufferOf(bytes);
    const reading = this.#reader.read(buffer.subarray(0, bytes), position);
    // Whoever comes for the frames sees the failure; it may be that nobody does.
    reading.catch(() => {});
    return { first, beyond, buffer, reading };
  }

  #bufferOf(bytes: number): Uint8Array {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined && spare.byteLength >= bytes) {
      return spare;
    }
    if (spare !== undefined) {
      giveBack(spare);
    }
    // Not from the pool, so that the memory can be given back.
    return Buffer.allocUnsafeSlow(bytes);
  }
}

/** Frames that lie one behind the other, and are read in one go. */
interface Batch {
  readonly first: number;
  readonly beyond: number;
  readonly buffer: Uint8Array;
  readonly reading: Promise<number>;
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
    throw new DamageError(
      `block ${index} of object ${name} is damaged: its bytes were altered or moved`,
      { cause: error },
    );
  }
}
