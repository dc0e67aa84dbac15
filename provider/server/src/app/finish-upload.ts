import type { Principal } from "../domain/access.ts";
import { algorithmOf, type Digest, digestOf } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import { BLOB_INLINE_BYTES_MAX } from "../domain/limits.ts";
import { expectChunkAt, type UploadSession } from "../domain/upload-session.ts";
import type { Target } from "./admit.ts";
import { type Chunk, receiveChunk } from "./append-upload.ts";
import { awaitWritableAgain } from "./await-writable.ts";
import type { Context } from "./context.ts";
import { findUnlessEnded } from "./find-upload.ts";
import type { RunningDigest } from "./live-uploads.ts";
import { settleBlob } from "./settle-blob.ts";
import { hashStored } from "./stored-content.ts";
import type { UploadClaim } from "./upload-claim.ts";
import { UploadInHand } from "./upload-in-hand.ts";
import { inTurn } from "./upload-turn.ts";
import type { UploadWriter } from "./upload-writer.ts";

type Parts = Pick<
  Context,
  "metadata" | "keys" | "blobs" | "sealer" | "clock" | "ids" | "events" | "liveUploads" | "settings"
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
  const algorithm = algorithmOf(digest);
  const work = async (upload: UploadInHand) => {
    const { session, writer, claim } = upload;
    if (chunk.start !== undefined) {
      expectChunkAt(session, chunk.start);
    }
    await receiveChunk(context, writer, chunk, claim);
    await settle(context, writer, digest, upload.digest);
    upload.end();
  };
  const found = maySettleAtOnce(chunk)
    ? await findUnlessEnded(context, principal, target, uploadId)
    : undefined;
  if (found === undefined || found.isStored) {
    await inTurn(context, principal, target, uploadId, algorithm, work);
    return;
  }
  const upload = await UploadInHand.open(context, found, NO_CLAIM, algorithm);
  try {
    await work(upload);
  } finally {
    await upload.letGo();
  }
}

/**
 * Where such a body is all of a blob, that stays in memory until one transaction stores it and ends the session, unless that has ended: there is no object to be
 * written to twice, and nobody to wait for.
 */
function maySettleAtOnce({ start = 0, bytes }: Chunk): boolean {
  return start === 0 && bytes !== undefined && bytes <= BLOB_INLINE_BYTES_MAX;
}

const NO_CLAIM: UploadClaim = { isHeld: () => true, expectHeld: () => {}, giveBack: () => {} };

async function settle(
  context: Parts,
  writer: UploadWriter,
  digest: Digest,
  known: RunningDigest | undefined,
): Promise<void> {
  const running = known?.algorithm === algorithmOf(digest) ? known : undefined;
  const { session, received: size } = writer;
  const { registryId } = session;
  if (running !== undefined) {
    await expectDigest(context, session, digest, running.hash.copy().digest("hex"));
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
  if (!(await context.metadata.uploads.remove(session))) {
    throw new RegistryError("upload-unknown", { uploadId: session.id });
  }
  await context.blobs.remove(session.registryId, session.storageKey);
  throw new RegistryError("digest-mismatch", { expected: digest, actual });
}
