import { RegistryError } from "./errors.ts";
import type { Instant, RegistryId, StorageKey, UploadId } from "./ids.ts";
import type { RepositoryName } from "./repository-name.ts";

/**
 * An upload under way. What it holds lies in two places: whole blocks in the blob store, the rest (less than one block) sealed in
 * the session's row. `offset` counts both, and is what survives a crash: it moves only after both are durable.
 *
 *   given out ──first bytes──▶ stored ──append──▶ stored ──finish──▶ gone (a blob exists)
 *      ├──finish, with a small blob's bytes──▶ gone (a blob exists)
 *      └──────────────────────────────cancel, or idle for too long──▶ gone (nothing exists)
 *
 * One that was given out and has no bytes is known by its id alone (`app/upload-ids.ts`).
 */
export interface UploadSession {
  readonly id: UploadId;
  readonly registryId: RegistryId;
  readonly repository: RepositoryName;
  /** Who started it, as `user:<id>` or `token:<id>`; nobody else may go on with it. */
  readonly startedBy: string;
  readonly storageKey: StorageKey;
  /** Durable bytes. */
  readonly offset: number;
  readonly startedAt: Instant;
  readonly touchedAt: Instant;
}

/**
 * A chunk must start where the durable bytes end (distribution-spec 1.1, "Pushing a blob in chunks").
 * @throws RegistryError `upload-gap`
 */
export function expectChunkAt(session: Pick<UploadSession, "offset">, start: number): void {
  if (start !== session.offset) {
    throw new RegistryError("upload-gap", { offset: session.offset, start });
  }
}
