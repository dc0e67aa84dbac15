import { setTimeout as delay } from "node:timers/promises";
import { RegistryError } from "../domain/errors.ts";
import type { Instant, UploadId } from "../domain/ids.ts";
import {
  UPLOAD_CLAIM_MILLISECONDS,
  UPLOAD_CLAIM_POLL_MILLISECONDS,
  UPLOAD_TURN_MILLISECONDS_MAX,
} from "../domain/limits.ts";
import type { Context } from "./context.ts";

type Parts = Pick<Context, "metadata" | "clock" | "ids" | "events" | "liveUploads">;

/*
 * At most one request, of all workers and replicas, writes to an upload's object:
 *
 *   take the lease of the upload; while somebody else has it, try again, up to a deadline
 *   look the session up, write, move its offset       prolong the lease three times in its length
 *   give the lease back, soon; or hold it a little longer, until the next request of the same upload, or until somebody else asks for it
 *
 * A worker that dies loses its claim when the lease ends. One that was stopped for so long that its lease may have ended notices
 * before it writes on, and gives up.
 */

/** The right to write to an upload. */
export interface UploadClaim {
  /** `false`: it may have gone to somebody else. */
  isHeld(): boolean;
  /** @throws RegistryError `upload-busy` when the claim may have gone to somebody else */
  expectHeld(): void;
  giveBack(): void;
}

/**
 * Does work on an upload while nobody else, on any worker, does.
 * @throws RegistryError `upload-busy` when another request goes on for too long
 */
export async function underClaim<T>(
  context: Parts,
  id: UploadId,
  work: (claim: UploadClaim) => Promise<T>,
): Promise<T> {
  const claim = await claimUpload(context, id);
  try {
    return await work(claim);
  } finally {
    claim.giveBack();
  }
}

/**
 * Takes the right to write to an upload, once nobody else has it, and keeps it until it is given back.
 * @throws RegistryError `upload-busy` when another request goes on for too long
 */
export async function claimUpload(context: Parts, id: UploadId): Promise<UploadClaim> {
  const name = `upload:${id}`;
  const holder = context.ids.uuid<string>();
  let heldUntil = await take(context, name, holder, id);
  const prolonging = setInterval(() => {
    prolong(context, name, holder).then(
      (until) => {
        heldUntil = until;
      },
      (error: unknown) => context.events.error("upload-claim-not-prolonged", error),
    );
  }, UPLOAD_CLAIM_MILLISECONDS / 3);
  const isHeld = () => context.clock.now() < heldUntil;
  return {
    isHeld,
    expectHeld() {
      if (!isHeld()) {
        throw new RegistryError("upload-busy", { uploadId: id });
      }
    },
    giveBack() {
      clearInterval(prolonging);
      // Not waited for: this worker's next claim of the upload comes behind it, another worker's looks again in a moment.
      giveBack(context, name, holder).catch(() => {});
    },
  };
}

async function take(
  context: Parts,
  name: string,
  holder: string,
  uploadId: UploadId,
): Promise<Instant> {
  const lateAt = performance.now() + UPLOAD_TURN_MILLISECONDS_MAX;
  for (let pause = 1; ; pause = Math.min(2 * pause, UPLOAD_CLAIM_POLL_MILLISECONDS)) {
    const until = await prolong(context, name, holder);
    if (until > 0) {
      return until;
    }
    if (performance.now() >= lateAt) {
      throw new RegistryError("upload-busy", { uploadId });
    }
    if (pause === 1) {
      context.liveUploads.want(uploadId);
    }
    await delay(pause);
  }
}

/** Until when the claim holds; 0 when somebody else has it. */
async function prolong(context: Parts, name: string, holder: string): Promise<Instant> {
  const now = context.clock.now();
  const until = now + UPLOAD_CLAIM_MILLISECONDS;
  return (await context.metadata.instance.lease(name, holder, now, until)) ? until : 0;
}

/** A claim that cannot be given back ends by itself; that must not hide how the work ended. */
async function giveBack(context: Parts, name: string, holder: string): Promise<void> {
  try {
    await context.metadata.instance.release(name, holder);
  } catch (error) {
    context.events.error("upload-claim-left-behind", error);
  }
}
