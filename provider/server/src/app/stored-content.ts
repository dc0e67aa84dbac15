import { createHash } from "node:crypto";
import { algorithmOf } from "../domain/digest.ts";
import { giveBack } from "../domain/give-back.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { BlobRecord } from "../ports/blob-index.ts";
import type { BlobRange } from "../ports/blob-store.ts";
import type { SealedBytes } from "../ports/sealer.ts";
import type { Context } from "./context.ts";
import { blobContext } from "./upload-writer.ts";

type Parts = Pick<Context, "blobs" | "sealer">;

/** Yields the bytes of `[start, end)` of a blob, wherever they are; see `BlobStore.read`. */
export function readStored(
  context: Parts,
  registryId: RegistryId,
  { digest, size, location }: BlobRecord,
  range: Pick<BlobRange, "start" | "end">,
  signal: AbortSignal,
): AsyncIterableIterator<Uint8Array> {
  return location.kind === "stored"
    ? context.blobs.read(registryId, location.key, { ...range, size }, { signal })
    : readInline(context, registryId, blobContext(digest), location.sealed, range);
}

/** Computes the digest of what is stored, in hexadecimal digits. */
export async function hashStored(
  context: Parts,
  registryId: RegistryId,
  blob: BlobRecord,
): Promise<string> {
  const hash = createHash(algorithmOf(blob.digest));
  for await (const bytes of readWhole(context, registryId, blob)) {
    hash.update(bytes);
  }
  return hash.digest("hex");
}

/**
 * Reads a blob to its end. That every byte is as it was written, after its digest was compared, the seal tells: there is nothing to hash.
 * @throws DamageError
 */
export async function expectSound(
  context: Parts,
  registryId: RegistryId,
  blob: BlobRecord,
): Promise<void> {
  for await (const bytes of readWhole(context, registryId, blob)) {
    giveBack(bytes);
  }
}

function readWhole(context: Parts, registryId: RegistryId, blob: BlobRecord) {
  const { signal } = new AbortController();
  return readStored(context, registryId, blob, { start: 0, end: blob.size }, signal);
}

async function* readInline(
  { sealer }: Parts,
  registryId: RegistryId,
  name: string,
  sealed: SealedBytes,
  { start, end }: Pick<BlobRange, "start" | "end">,
): AsyncIterableIterator<Uint8Array> {
  const plain = await sealer.open(registryId, name, sealed);
  // A copy: the reader may give its memory back, and what was opened may be shared.
  yield new Uint8Array(plain.subarray(start, end));
}
