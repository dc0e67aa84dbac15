import type { Principal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import { expectChunkAt, type UploadSession } from "../domain/upload-session.ts";
import type { Target } from "./admit.ts";
import type { Context } from "./context.ts";
import type { UploadClaim } from "./upload-claim.ts";
import { inTurn } from "./upload-turn.ts";
import type { UploadWriter } from "./upload-writer.ts";

/** The bytes that a request carries, with what it announced of them. */
export interface Chunk {
  /** Where the chunk starts, if the request says so. */
  readonly start: number | undefined;
  /** How many bytes it has, if the request says so. */
  readonly bytes: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

type Parts = Pick<
  Context,
  "metadata" | "keys" | "blobs" | "sealer" | "clock" | "ids" | "events" | "liveUploads"
>;

/**
 * Appends a chunk to an upload (distribution-spec 1.1, "Pushing a blob in chunks"). When the body breaks off, what came of it is kept,
 * and the client goes on from the offset that the session then reports.
 * @throws RegistryError `upload-gap`, `upload-size-mismatch`, `upload-busy`, `storage-full`, and what `inTurn` throws
 */
export async function appendUpload(
  context: Parts,
  principal: Principal,
  target: Target,
  uploadId: string,
  chunk: Chunk,
): Promise<UploadSession> {
  return inTurn(context, principal, target, uploadId, "sha256", async (upload) => {
    const { session, writer, claim } = upload;
    if (chunk.start !== undefined) {
      expectChunkAt(session, chunk.start);
    }
    await receiveChunk(context, writer, chunk, claim);
    const saved = await writer.save();
    context.liveUploads.hold(session.id, upload);
    return saved;
  });
}

/**
 * Writes a chunk's body. When it breaks off, or has another size than announced, what came is saved before the failure goes on.
 */
export async function receiveChunk(
  context: Pick<Context, "events">,
  writer: UploadWriter,
  chunk: Chunk,
  claim: UploadClaim,
): Promise<void> {
  const before = writer.received;
  try {
    for await (const bytes of chunk.body) {
      claim.expectHeld();
      await writer.write(bytes);
    }
    const actual = writer.received - before;
    if (chunk.bytes !== undefined && chunk.bytes !== actual) {
      throw new RegistryError("upload-size-mismatch", { expected: chunk.bytes, actual });
    }
  } catch (error) {
    await saveQuietly(context, writer);
    throw error;
  }
}

/** Clean-up never hides the failure that led to it. */
async function saveQuietly(context: Pick<Context, "events">, writer: UploadWriter): Promise<void> {
  try {
    await writer.save();
  } catch (error) {
    context.events.warn("upload-not-saved", {
      uploadId: writer.session.id,
      problem: error instanceof Error ? error.message : String(error),
    });
  }
}
