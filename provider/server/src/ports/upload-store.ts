import type { Instant, RegistryId, UploadId } from "../domain/ids.ts";
import type { RepositoryName } from "../domain/repository-name.ts";
import type { UploadSession } from "../domain/upload-session.ts";
import type { SealedBytes } from "./sealer.ts";

/** A session with what is left over behind its last whole block, sealed; absent where nothing is. */
export interface StoredUpload {
  readonly session: UploadSession;
  readonly rest: SealedBytes | undefined;
}

/** An upload as what ends it needs to know it. */
export type EndingUpload = Pick<UploadSession, "id" | "startedAt">;

/**
 * Upload sessions that hold something, or whose first bytes are on their way; and, of those that have ended, that they have. A session
 * that was given out and has come no further is known to its holder alone.
 */
export interface UploadStore {
  /**
   * `false`: there is a session of this id, or there was one, and it has ended.
   * @throws RegistryError `uploads-exhausted` at `sessionsMax` sessions of the registry; `registry-unknown` when the registry is gone
   */
  create(session: UploadSession, sessionsMax: number, rest?: SealedBytes): Promise<boolean>;

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

  /** Ends a session, whether it is stored or not. `false`: it had ended before. */
  remove(session: UploadSession): Promise<boolean>;

  /** Whether a session that is not stored has ended. */
  hasEnded(upload: EndingUpload): Promise<boolean>;

  /** Forgets up to `limit` sessions that have ended and were started before; returns how many. Their ids must be of no use any more. */
  forgetEnded(before: Instant, limit: number): Promise<number>;

  /** How many sessions there are, of all registries. */
  count(): Promise<number>;

  /** Ends up to `limit` sessions, of any registry, untouched since `before`, and returns them. */
  removeIdle(before: Instant, limit: number): Promise<readonly UploadSession[]>;
}
