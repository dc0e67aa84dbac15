import {
  OBJECT_STAGING_BUFFERS_KEPT_MAX,
  OBJECT_STAGING_BUFFERS_MAX,
  OBJECT_STAGING_BYTES,
  OBJECT_STAGING_BYTES_AMONG_MANY,
} from "../../domain/limits.ts";

/** Memory and files are divided into pages of this size, or a fraction of it, wherever bytes can be written past the page cache. */
export const PAGE_BYTES = 4096;

/**
 * Buffers in which bytes gather before they are written. Each begins at a page's edge, and is used again and again: touching new memory
 * costs more than copying to it.
 */
export class StagingBuffers {
  readonly #free: Uint8Array[] = [];
  #taken = 0;

  /** Smaller buffers when many are taken already: a thousand uploads that stand still must not hold a GiB. */
  take(): Uint8Array {
    this.#taken++;
    const bytes =
      this.#taken <= OBJECT_STAGING_BUFFERS_MAX
        ? OBJECT_STAGING_BYTES
        : OBJECT_STAGING_BYTES_AMONG_MANY;
    return (bytes === OBJECT_STAGING_BYTES && this.#free.pop()) || allocateAtPage(bytes);
  }

  /** Takes a buffer back that nobody writes from any more. */
  put(buffer: Uint8Array): void {
    this.#taken--;
    if (
      buffer.byteLength === OBJECT_STAGING_BYTES &&
      this.#free.length < OBJECT_STAGING_BUFFERS_KEPT_MAX
    ) {
      this.#free.push(buffer);
    }
  }
}

/** Memory of a buffer that may be resized comes in whole pages from the system; other buffers begin anywhere. */
function allocateAtPage(bytes: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(bytes, { maxByteLength: bytes }));
}
