import { createHash, type Hash } from "node:crypto";
import { BoundedMap } from "../domain/bounded-map.ts";
import type { DigestAlgorithm } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import type { UploadId } from "../domain/ids.ts";
import { LIVE_UPLOADS_MAX } from "../domain/limits.ts";

/** A digest under computation, and how many bytes of the upload it covers. */
export interface RunningDigest {
  readonly algorithm: DigestAlgorithm;
  readonly hash: Hash;
  offset: number;
}

/**
 * What this process remembers of uploads between requests: the state of their digests, which cannot be stored. Forgetting one costs
 * time and nothing else: an upload whose digest is not here, because it began in another process or before a restart, is read again at its end.
 * It also keeps two requests of one process from writing to the same upload at once.
 */
export class LiveUploads {
  readonly #digests = new BoundedMap<UploadId, RunningDigest>(LIVE_UPLOADS_MAX);
  readonly #busy = new Set<UploadId>();

  /** @throws RegistryError `upload-busy` while another request holds the upload */
  async exclusively<T>(id: UploadId, work: () => Promise<T>): Promise<T> {
    if (this.#busy.has(id)) {
      throw new RegistryError("upload-busy", { uploadId: id });
    }
    this.#busy.add(id);
    try {
      return await work();
    } finally {
      this.#busy.delete(id);
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
