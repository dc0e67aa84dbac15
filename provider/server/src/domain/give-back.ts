/**
 * Frees the memory of bytes that nobody will read again, at once instead of at the next garbage collection: content passes through in
 * buffers outside the heap, which the collector sees too late. Bytes that share their memory with others are left alone.
 */
export function giveBack(bytes: Uint8Array): void {
  const memory = bytes.buffer;
  if (
    memory instanceof ArrayBuffer &&
    memory.byteLength > 0 &&
    memory.byteLength === bytes.byteLength
  ) {
    memory.transfer(0);
  }
}
