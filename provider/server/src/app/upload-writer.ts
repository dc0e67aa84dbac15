import type { Digest } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import {
  BLOB_BLOCK_BYTES,
  BLOB_INLINE_BYTES_MAX,
  UPLOAD_CHECKPOINT_BYTES,
  UPLOADS_PER_REGISTRY_MAX,
} from "../domain/limits.ts";
import type { UploadSession } from "../domain/upload-session.ts";
import type { BlobLocation } from "../ports/blob-index.ts";
import type { BlobAppender } from "../ports/blob-store.ts";
import type { SealedBytes } from "../ports/sealer.ts";
import type { Context } from "./context.ts";
import type { FoundUpload } from "./find-upload.ts";
import type { RunningDigest } from "./live-uploads.ts";

type Parts = Pick<Context, "blobs" | "metadata" | "sealer" | "clock">;

/**
 * Writes one request's share of an upload.
 *
 * The first bytes wait in memory: a blob of up to BLOB_INLINE_BYTES_MAX never becomes a file. Beyond that, whole blocks go to the blob
 * store, and what is left over when the request ends goes, sealed, into the session's row:
 *
 *   save:    blocks durable → row (offset, rest) moves from the old offset to the new one
 *   settle:  last block durable → caller commits the blob's row
 *
 * A crash before the row moves leaves the session at its old offset, and bytes behind it that the next append cuts off.
 */
export class UploadWriter {
  readonly #context: Parts;
  readonly #digest: RunningDigest | undefined;
  #session: UploadSession;
  #isStored: boolean;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #appender: BlobAppender | undefined;
  #received: number;

  private constructor(
    context: Parts,
    { session, isStored }: FoundUpload,
    digest: RunningDigest | undefined,
  ) {
    this.#context = context;
    this.#session = session;
    this.#isStored = isStored;
    this.#digest = digest;
    this.#received = session.offset;
  }

  /** Goes on where the session ends; `digest` covers what it holds, if it is known. */
  static async open(
    context: Parts,
    upload: FoundUpload,
    digest: RunningDigest | undefined,
  ): Promise<UploadWriter> {
    const { session, rest } = upload;
    const writer = new UploadWriter(context, upload, digest);
    const wholeBytes = session.offset - (session.offset % BLOB_BLOCK_BYTES);
    if (wholeBytes > 0) {
      writer.#appender = await context.blobs.append(
        session.registryId,
        session.storageKey,
        wholeBytes,
      );
    }
    try {
      if (rest !== undefined) {
        const restOf = restContext(session.id, session.offset);
        await writer.#store(await context.sealer.open(session.registryId, restOf, rest));
      }
      return writer;
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  /** Durable and received bytes, seen from the start of the blob. */
  get received(): number {
    return this.#received;
  }

  get session(): UploadSession {
    return this.#session;
  }

  /** Takes a chunk over. */
  async write(chunk: Uint8Array): Promise<void> {
    const bytes = chunk.byteLength;
    if (this.#digest !== undefined) {
      this.#digest.hash.update(chunk);
      this.#digest.offset += bytes;
    }
    this.#received += bytes;
    await this.#store(chunk);
    if (this.#received - this.#session.offset >= UPLOAD_CHECKPOINT_BYTES) {
      await this.save();
    }
  }

  /**
   * Makes everything received so far durable, in the session.
   * @throws RegistryError `upload-unknown` when the session was cancelled or has moved on without us
   */
  async save(): Promise<UploadSession> {
    const session = this.#session;
    const { sealer, clock } = this.#context;
    const { rest } = this.#appender ? await this.#appender.checkpoint() : this.#gather();
    const offset = this.#received;
    const sealed =
      rest.byteLength === 0
        ? undefined
        : await sealer.seal(session.registryId, restContext(session.id, offset), rest);
    const saved = { ...session, offset, touchedAt: clock.now() };
    if (!(await this.#move(saved, sealed))) {
      throw new RegistryError("upload-unknown", { uploadId: session.id });
    }
    this.#session = saved;
    this.#isStored = true;
    return saved;
  }

  /** Moves the row to where the session stands now. `false`: somebody else has, or has ended it. */
  #move(session: UploadSession, rest: SealedBytes | undefined): Promise<boolean> {
    const { uploads } = this.#context.metadata;
    const { registryId, id, offset, touchedAt } = session;
    return this.#isStored
      ? uploads.advance(registryId, id, this.#session.offset, { offset, rest }, touchedAt)
      : uploads.create(session, UPLOADS_PER_REGISTRY_MAX, rest);
  }

  /** Makes the complete blob durable, and says where it is. */
  async settle(digest: Digest): Promise<BlobLocation> {
    const { registryId, storageKey } = this.#session;
    if (this.#appender === undefined && this.#received <= BLOB_INLINE_BYTES_MAX) {
      const plain = this.#peek();
      const sealed = await this.#context.sealer.seal(registryId, blobContext(digest), plain);
      return { kind: "inline", sealed };
    }
    const appender = await this.#open();
    await appender.finish();
    return { kind: "stored", key: storageKey };
  }

  /** Gives the file handle back; twice is fine. */
  async close(): Promise<void> {
    await this.#appender?.close();
  }

  async #store(chunk: Uint8Array): Promise<void> {
    if (this.#appender !== undefined) {
      await this.#appender.write(chunk);
      return;
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.byteLength;
    if (this.#waitingBytes > BLOB_INLINE_BYTES_MAX) {
      await this.#open();
    }
  }

  async #open(): Promise<BlobAppender> {
    if (this.#appender === undefined) {
      const { registryId, storageKey } = this.#session;
      this.#appender = await this.#context.blobs.append(registryId, storageKey, 0);
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const chunk of waiting) {
        await this.#appender.write(chunk);
      }
    }
    return this.#appender;
  }

  /** In one piece, since a small one may keep a large buffer in memory for as long as the upload is held open. */
  #gather(): { readonly rest: Uint8Array } {
    const rest = this.#peek();
    this.#waiting = rest.byteLength === 0 ? [] : [rest];
    return { rest };
  }

  #peek(): Uint8Array {
    return Buffer.concat(this.#waiting);
  }
}

/** What an inline blob is sealed as. */
export function blobContext(digest: Digest): string {
  return `blob:${digest}`;
}

function restContext(uploadId: string, offset: number): string {
  return `upload:${uploadId}:${offset}`;
}
