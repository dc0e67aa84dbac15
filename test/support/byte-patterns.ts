/**
 * Bytes that are quick to make and differ everywhere: no two blocks are alike, so a block in the wrong place shows. The same arguments
 * give the same bytes.
 */
export function patternBytes(length: number, seed = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed * 2_654_435_761;
  for (let index = 0; index < words.length; index++) {
    // Xorshift (Marsaglia, 2003).
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return new Uint8Array(words.buffer).slice(0, length);
}
