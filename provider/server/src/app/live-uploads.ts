import { createHash, type Hash } from "node:crypto";
import { locks } from "node:worker_threads";
import { BoundedMap } from "../domain/bounded-map.ts";
import type { DigestAlgorithm } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import type { UploadId } from "../domain/ids.ts";
import { LIVE_UPLOADS_MAX, UPLOAD_TURN_MILLISECONDS_MAX } from "../domain/limits.ts";

/** A digest under computation, and how many bytes of the upload it covers. */
export interface RunningDigest {
  readonly algorithm: DigestAlgorithm;
  readonly hash: Hash;
  offset: number;
}

/**
 * What this worker remembers of uploads between requests: the state of their digests, which cannot be stored. Forgetting one costs
 * time and nothing else: an upload whose digest is not here, because it began in another worker or before a restart, is read again at its end.
 *
 * It also keeps two requests from writing to the same upload at once, whichever workers of the process they came to: a client that lost
 * its connection is back, on another one, before the server has put away what came over the first.
 */
export class LiveUploads {
  readonly #digests = new BoundedMap<UploadId, RunningDigest>(LIVE_UPLOADS_MAX);
  readonly #turnMillisecondsMax: number;

  constructor(turnMillisecondsMax = UPLOAD_TURN_MILLISECONDS_MAX) {
    this.#turnMillisecondsMax = turnMillisecondsMax;
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

  forget(id: UploadId): void {
    this.#digests.delete(id);
  }
}
