import type { DigestAlgorithm } from "../domain/digest.ts";
import type { UploadSession } from "../domain/upload-session.ts";
import type { Context } from "./context.ts";
import type { FoundUpload } from "./find-upload.ts";
import type { HeldUpload, RunningDigest } from "./live-uploads.ts";
import type { UploadClaim } from "./upload-claim.ts";
import type { UploadOwner } from "./upload-ids.ts";
import { UploadWriter } from "./upload-writer.ts";

type Parts = Pick<Context, "blobs" | "metadata" | "sealer" | "clock" | "liveUploads">;

/** An upload that this worker alone may write to: claim, open file, and the digest so far. */
export class UploadInHand implements HeldUpload {
  readonly writer: UploadWriter;
  readonly claim: UploadClaim;
  /** Covers all that the upload holds; absent: that began in another worker, or before a restart. */
  readonly digest: RunningDigest | undefined;
  readonly #context: Pick<Parts, "liveUploads">;
  #isOver = false;

  private constructor(
    context: Pick<Parts, "liveUploads">,
    writer: UploadWriter,
    claim: UploadClaim,
    digest: RunningDigest | undefined,
  ) {
    this.#context = context;
    this.writer = writer;
    this.claim = claim;
    this.digest = digest;
  }

  /** Takes the claim over, once it is open. */
  static async open(
    context: Parts,
    upload: FoundUpload,
    claim: UploadClaim,
    algorithm: DigestAlgorithm,
  ): Promise<UploadInHand> {
    const { id, offset } = upload.session;
    const digest = context.liveUploads.take(id, offset, algorithm);
    const writer = await UploadWriter.open(context, upload, digest);
    return new UploadInHand(context, writer, claim, digest);
  }

  get session(): UploadSession {
    return this.writer.session;
  }

  belongsTo({ registryId, repository, startedBy }: UploadOwner): boolean {
    const { session } = this;
    return (
      session.registryId === registryId &&
      session.repository === repository &&
      session.startedBy === startedBy
    );
  }

  /** Nobody will go on with it. */
  end(): void {
    this.#isOver = true;
  }

  /** The file first, then the claim: whoever is next opens it anew. */
  async letGo(): Promise<void> {
    if (!this.#isOver) {
      this.#context.liveUploads.keep(this.session.id, this.digest);
    }
    try {
      await this.writer.close();
    } finally {
      this.claim.giveBack();
    }
  }
}
