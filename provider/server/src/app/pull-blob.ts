import type { Principal } from "../domain/access.ts";
import { DamageError } from "../domain/damage-error.ts";
import { type Digest, parseDigest } from "../domain/digest.ts";
import { isRefusal, RegistryError } from "../domain/errors.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { BlobRecord, FoundBlob } from "../ports/blob-index.ts";
import type { BlobRange } from "../ports/blob-store.ts";
import { admit, type Target } from "./admit.ts";
import type { Context } from "./context.ts";
import { promiseBlob } from "./promise-blob.ts";
import { readStored } from "./stored-content.ts";

/** A blob that the caller may read. */
export interface ReadableBlob {
  readonly digest: Digest;
  readonly size: number;
  /** Yields the bytes of `[start, end)`; see `BlobStore.read`. */
  read(
    range: Pick<BlobRange, "start" | "end">,
    signal: AbortSignal,
  ): AsyncIterableIterator<Uint8Array>;
  /** Takes note of why `read` has failed, and returns what to tell the client. */
  explain(error: unknown): Promise<unknown>;
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
  if (record === undefined || (record.isDamaged && use === "check")) {
    throw new RegistryError("blob-unknown", { digest });
  }
  await noteUse(context, registryId, record, use);
  return {
    digest,
    size: record.size,
    read: (range, signal) => readStored(context, registryId, record, range, signal),
    explain: (error) => explainFailure(context, registryId, record, error),
  };
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

/**
 * What a failure to read a blob comes to. Damage is noted: from then on nobody is told that the blob exists, so that the next client that
 * needs it pushes it again, and `settleBlob` has good bytes take the place of the bad ones. Its bytes are still read for whoever asks for
 * them: a range may lie beside the damage, and a disk may come back.
 */
async function explainFailure(
  { metadata, clock, events }: Parts,
  registryId: RegistryId,
  blob: BlobRecord,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof DamageError)) {
    return error;
  }
  const { digest } = blob;
  try {
    if (await metadata.blobs.noteDamage(registryId, blob, clock.now())) {
      events.warn("blob-damaged", { registryId, digest });
    }
  } catch (problem) {
    events.error("blob-damage-not-noted", problem, { registryId, digest });
  }
  return new RegistryError("blob-damaged", { digest }, { cause: error });
}
