import type { Principal } from "../domain/access.ts";
import { algorithmOf, type Digest, digestOf } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import { BLOB_INLINE_BYTES_MAX } from "../domain/limits.ts";
import { expectChunkAt, type UploadSession } from "../domain/upload-session.ts";
import type { Target } from "./admit.ts";
import { type Chunk, receiveChunk } from "./append-upload.ts";
import { awaitWritableAgain } from "./await-writable.ts";
import type { Context } from "./context.ts";
import { findUpload } from "./find-upload.ts";
import type { RunningDigest } from "./live-uploads.ts";
import { settleBlob } from "./settle-blob.ts";
import { hashStored } from "./stored-content.ts";
import { type UploadClaim, underClaim } from "./upload-claim.ts";
import { UploadWriter } from "./upload-writer.ts";

type Parts = Pick<
  Context,
  "metadata" | "blobs" | "sealer" | "clock" | "ids" | "events" | "liveUploads" | "settings"
>;

/**
 * Ends an upload: takes the last chunk, compares the digest, and makes the blob visible in the repository (distribution-spec 1.1,
 * "Pushing blobs"). Bytes are durable before the row is, and only then does this return:
 *
 *   bytes ─▶ digest compared ─▶ file and directory synced ─▶ one transaction: blob, repository's link, session gone
 *
 * Content with another digest than the one named is dropped with its session.
 * @throws RegistryError `digest-mismatch`, and what `appendUpload` throws
 */
export async function finishUpload(
  context: Parts,
  principal: Principal,
  target: Target,
  uploadId: string,
  digest: Digest,
  chunk: Chunk,
): Promise<void> {
  const { session } = await findUpload(context, principal, target, uploadId);
  const work = async (claim: UploadClaim) => {
    const stored = await findUpload(context, principal, target, uploadId);
    if (chunk.start !== undefined) {
      expectChunkAt(stored.session, chunk.start);
    }
    const running = context.liveUploads.take(
      session.id,
      stored.session.offset,
      algorithmOf(digest),
    );
    const writer = await UploadWriter.open(context, stored, running);
    try {
      await receiveChunk(context, writer, chunk, claim);
      await settle(context, writer, digest, running);
    } finally {
      await writer.close();
    }
  };
  await context.liveUploads.exclusively(session.id, () =>
    isWholeAndSmall(session, chunk) ? work(NO_CLAIM) : underClaim(context, session.id, work),
  );
}

/** Such a blob stays in memory until one transaction stores it and ends the session: there is no object to be written to twice. */
function isWholeAndSmall({ offset }: UploadSession, { bytes }: Chunk): boolean {
  return offset === 0 && bytes !== undefined && bytes <= BLOB_INLINE_BYTES_MAX;
}

const NO_CLAIM: UploadClaim = { expectHeld: () => {} };

async function settle(
  context: Parts,
  writer: UploadWriter,
  digest: Digest,
  running: RunningDigest | undefined,
): Promise<void> {
  const { session, received: size } = writer;
  const { registryId } = session;
  if (running !== undefined) {
    await expectDigest(context, session, digest, running.hash.digest("hex"));
  }
  const location = await writer.settle(digest);
  await writer.close();
  if (running === undefined) {
    // The upload began in another process, or with another algorithm in mind.
    const hex = await hashStored(context, registryId, { digest, size, location });
    await expectDigest(context, session, digest, hex);
  }
  await awaitWritableAgain(context, registryId);
  await settleBlob(context, session, { digest, size, location });
}

/** Drops the session and its bytes when the content is not what the client said. */
async function expectDigest(
  context: Parts,
  session: UploadSession,
  digest: Digest,
  hex: string,
): Promise<void> {
  const actual = digestOf(algorithmOf(digest), hex);
  if (actual === digest) {
    return;
  }
  await context.metadata.uploads.remove(session.registryId, session.repository, session.id);
  await context.blobs.remove(session.registryId, session.storageKey);
  throw new RegistryError("digest-mismatch", { expected: digest, actual });
}
