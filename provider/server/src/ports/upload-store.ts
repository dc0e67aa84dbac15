import type { Instant, RegistryId, UploadId } from "../domain/ids.ts";
import type { RepositoryName } from "../domain/repository-name.ts";
import type { UploadSession } from "../domain/upload-session.ts";
import type { SealedBytes } from "./sealer.ts";

/** A session with what is left over behind its last whole block, sealed; absent where nothing is. */
export interface StoredUpload {
  readonly session: UploadSession;
  readonly rest: SealedBytes | undefined;
}

/** Upload sessions. */
export interface UploadStore {
  /**
   * @throws RegistryError `uploads-exhausted` at `sessionsMax` sessions of the registry; `registry-unknown` when the registry is gone
   */
  create(session: UploadSession, sessionsMax: number): Promise<void>;

  find(
    registryId: RegistryId,
    repository: RepositoryName,
    id: UploadId,
  ): Promise<StoredUpload | undefined>;

  /**
   * Moves the durable offset from `from` to `to`. `false`: the session is gone, or its offset is not `from` any more: somebody else has
   * written to it.
   */
  advance(
    registryId: RegistryId,
    id: UploadId,
    from: number,
    to: { readonly offset: number; readonly rest: SealedBytes | undefined },
    now: Instant,
  ): Promise<boolean>;

  /** Ends a session and returns it; `undefined`: there was none. */
  remove(
    registryId: RegistryId,
    repository: RepositoryName,
    id: UploadId,
  ): Promise<UploadSession | undefined>;

  /** How many sessions there are, of all registries. */
  count(): Promise<number>;

  /** Ends up to `limit` sessions, of any registry, untouched since `before`, and returns them. */
  removeIdle(before: Instant, limit: number): Promise<readonly UploadSession[]>;
}
