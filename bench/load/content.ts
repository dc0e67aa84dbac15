import { createCipheriv, createHash } from "node:crypto";

/** Incompressible bytes that are the same in every run. */
export function fixedBytes(seed: string, bytes: number): Buffer {
  const key = createHash("sha256").update(seed).digest();
  const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  return cipher.update(Buffer.alloc(bytes));
}

export function digestOf(...pieces: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) {
    hash.update(piece);
  }
  return `sha256:${hash.digest("hex")}`;
}

/** Content that nobody has pushed yet: shared bytes with an end of its own. */
export interface FreshBlob {
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  readonly digest: string;
}

let freshBlobsMade = 0;

/** Makes blobs that differ in their last bytes only: hashing a thousand of them costs little more than hashing one. */
export function makeFreshBlobs(bytes: number, count: number): FreshBlob[] {
  const shared = fixedBytes("push", bytes - 32);
  const hash = createHash("sha256").update(shared);
  return Array.from({ length: count }, () => {
    const end = Buffer.from(
      `${process.pid}.${Date.now()}.${freshBlobsMade++}`.padEnd(32).slice(0, 32),
    );
    const digest = `sha256:${hash.copy().update(end).digest("hex")}`;
    return { pieces: [shared, end], bytes, digest };
  });
}
