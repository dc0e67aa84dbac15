import type { Principal } from "../domain/access.ts";
import { type Digest, parseDigest } from "../domain/digest.ts";
import { isRefusal, RegistryError } from "../domain/errors.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { BlobRecord, FoundBlob } from "../ports/blob-index.ts";
import type { BlobRange } from "../ports/blob-store.ts";
import { admit, type Target } from "./admit.ts";
import type { Context } from "./context.ts";
import { promiseBlob } from "./promise-blob.ts";
import { blobContext } from "./upload-writer.ts";

/** A blob that the caller may read. */
export interface ReadableBlob {
  readonly digest: Digest;
  readonly size: number;
  /** Yields the bytes of `[start, end)`; see `BlobStore.read`. */
  read(
    range: Pick<BlobRange, "start" | "end">,
    signal: AbortSignal,
  ): AsyncIterableIterator<Uint8Array>;
}

/** What a client wants of a blob: to know whether it is there, which is a promise, or its bytes. */
export type BlobUse = "check" | "read";

type Parts = Pick<Context, "metadata" | "blobs" | "sealer" | "clock" | "settings" | "events">;

/**
 * Finds a blob of a repository (distribution-spec 1.1, "Pulling blobs", "Checking if content exists in the registry").
 * @throws RegistryError `digest-invalid`, `blob-unknown`, and what `admit` throws
 */
export async function pullBlob(
  context: Parts,
  principal: Principal,
  target: Target,
  reference: string,
  use: BlobUse,
): Promise<ReadableBlob> {
  const { registryId, repository } = await admit(context, principal, target, "pull");
  const digest = parseDigest(reference);
  const record = await context.metadata.blobs.find(registryId, repository, digest);
  if (record === undefined) {
    throw new RegistryError("blob-unknown", { digest });
  }
  await noteUse(context, registryId, record, use);
  return { digest, size: record.size, read: reader(context, registryId, record) };
}

/** Reading goes on where nothing can be written, on a full disk for example: there is nobody to push meanwhile. */
async function noteUse(
  context: Parts,
  registryId: RegistryId,
  record: FoundBlob,
  use: BlobUse,
): Promise<void> {
  try {
    await promiseBlob(context, registryId, record);
  } catch (error) {
    if (use === "check" || isRefusal(error, "blob-unknown")) {
      throw error;
    }
    context.events.error("blob-use-not-noted", error, { registryId, digest: record.digest });
  }
}

function reader(
  context: Pick<Context, "blobs" | "sealer">,
  registryId: RegistryId,
  { digest, size, location }: BlobRecord,
): ReadableBlob["read"] {
  if (location.kind === "stored") {
    return (range, signal) =>
      context.blobs.read(registryId, location.key, { ...range, size }, { signal });
  }
  return async function* ({ start, end }) {
    const plain = await context.sealer.open(registryId, blobContext(digest), location.sealed);
    // A copy: the reader may give its memory back, and what was opened may be shared.
    yield new Uint8Array(plain.subarray(start, end));
  };
}
