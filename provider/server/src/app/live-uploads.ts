import { createHash, type Hash } from "node:crypto";
import { BroadcastChannel, locks } from "node:worker_threads";
import { BoundedMap } from "../domain/bounded-map.ts";
import type { DigestAlgorithm } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import type { UploadId } from "../domain/ids.ts";
import {
  LIVE_UPLOADS_MAX,
  UPLOAD_HELD_MILLISECONDS,
  UPLOAD_TURN_MILLISECONDS_MAX,
  UPLOADS_HELD_MAX,
} from "../domain/limits.ts";

/** A digest under computation, and how many bytes of the upload it covers. */
export interface RunningDigest {
  readonly algorithm: DigestAlgorithm;
  readonly hash: Hash;
  offset: number;
}

/** An upload that is held open between two requests. */
export interface HeldUpload {
  /** Closes it, so that anybody else may go on with it. */
  letGo(): Promise<void>;
}

/**
 * What this worker remembers of uploads between requests: the state of their digests, which cannot be stored. Forgetting one costs
 * time and nothing else: an upload whose digest is not here, because it began in another worker or before a restart, is read again at its end.
 *
 * It also keeps two requests from writing to the same upload at once, whichever workers of the process they came to: a client that lost
 * its connection is back, on another one, before the server has put away what came over the first.
 *
 * And it holds uploads open for a moment, file and claim, because the next chunk mostly follows at once. Whichever worker needs one that
 * it does not hold asks the others for it.
 */
export class LiveUploads {
  readonly #digests = new BoundedMap<UploadId, RunningDigest>(LIVE_UPLOADS_MAX);
  readonly #held = new Map<
    UploadId,
    { readonly upload: HeldUpload; readonly timer: NodeJS.Timeout }
  >();
  readonly #wanted = new BroadcastChannel("moorage-uploads-wanted");
  readonly #turnMillisecondsMax: number;

  constructor(turnMillisecondsMax = UPLOAD_TURN_MILLISECONDS_MAX) {
    this.#turnMillisecondsMax = turnMillisecondsMax;
    this.#wanted.onmessage = ({ data }) => this.#letGoQuietly(data);
    this.#wanted.unref();
  }

  /**
   * Does work on an upload once nobody else does.
   * @throws RegistryError `upload-busy` when that takes too long
   */
  async exclusively<T>(id: UploadId, work: () => Promise<T>): Promise<T> {
    const patience = new AbortController();
    const timer = setTimeout(() => {
      patience.abort(new RegistryError("upload-busy", { uploadId: id }));
    }, this.#turnMillisecondsMax);
    try {
      // Held by whoever works, in any thread; a thread that dies gives it back.
      return await locks.request(`upload ${id}`, { signal: patience.signal }, () => {
        clearTimeout(timer);
        return work();
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Takes the running digest that covers exactly the first `offset` bytes; a new one at 0; else `undefined`. */
  take(id: UploadId, offset: number, algorithm: DigestAlgorithm): RunningDigest | undefined {
    const known = this.#digests.get(id);
    this.#digests.delete(id);
    if (known?.offset === offset && known.algorithm === algorithm) {
      return known;
    }
    return offset === 0 ? { algorithm, hash: createHash(algorithm), offset: 0 } : undefined;
  }

  /** Keeps a running digest for the next request; the longest untouched one is forgotten when there are too many. */
  keep(id: UploadId, digest: RunningDigest | undefined): void {
    if (digest !== undefined) {
      this.#digests.set(id, digest);
    }
  }

  /** Holds an upload open, from within its turn, unless there are too many; returns whether it does. */
  hold(id: UploadId, upload: HeldUpload): boolean {
    if (this.#held.size >= UPLOADS_HELD_MAX) {
      return false;
    }
    const timer = setTimeout(() => this.#letGoQuietly(id), UPLOAD_HELD_MILLISECONDS).unref();
    this.#held.set(id, { upload, timer });
    return true;
  }

  /** An upload that is held open here, if it is. */
  held(id: UploadId): HeldUpload | undefined {
    return this.#held.get(id)?.upload;
  }

  /** The same for whoever goes on with it: it is held no longer, but not closed. */
  takeHeld(id: UploadId): HeldUpload | undefined {
    const held = this.#held.get(id);
    clearTimeout(held?.timer);
    this.#held.delete(id);
    return held?.upload;
  }

  /** Asks the other workers of this process to let go of an upload, which they do soon, if one of them holds it. */
  want(id: UploadId): void {
    this.#wanted.postMessage(id);
  }

  /** Lets go of everything. */
  async letGoAll(): Promise<void> {
    await Promise.all(Array.from(this.#held.keys(), (id) => this.takeHeld(id)?.letGo()));
  }

  async close(): Promise<void> {
    this.#wanted.close();
    await this.letGoAll();
  }

  /** What cannot be closed is closed with its worker, and its claim lapses. */
  #letGoQuietly(id: UploadId): void {
    this.takeHeld(id)
      ?.letGo()
      .catch(() => {});
  }

  forget(id: UploadId): void {
    this.#digests.delete(id);
  }
}
