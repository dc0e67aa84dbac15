import { BACKUP_BLOBS_AT_ONCE_MAX, BACKUP_ROUNDS_MAX } from "../domain/limits.ts";
import { OperationError } from "../domain/operation-error.ts";
import type { BackupArchive, BackupSummary, StoredBlob } from "../ports/backup-archive.ts";

/*
 * A backup while servers run. The bytes of a blob never change once a row names them, so only two things can happen meanwhile:
 *
 *   something is pushed      it is not in the copy of the metadata, or it is, and then its bytes were durable before its row was
 *   something is removed     the collector, or the deletion of a registry: first the row goes, then the bytes
 *
 * So the metadata is copied first, at one moment, and then the blobs that this copy names. Bytes that are gone belong to a row that is gone
 * by now: the metadata is copied anew. The next round has little left to do, since the archive keeps what it has, so the
 * window for another removal is small; bytes that stay away round after round are damage.
 */
export async function backUp(archive: BackupArchive): Promise<BackupSummary> {
  for (let round = 1; ; round++) {
    const missing = await takeBlobs(archive, await archive.takeMetadata());
    if (missing === undefined) {
      return archive.finish();
    }
    if (round === BACKUP_ROUNDS_MAX) {
      throw new OperationError(
        `there is no backup: the bytes of the blob ${missing.key} of registry ${missing.registryId} are not there; "moorage verify" tells what else is damaged`,
      );
    }
  }
}

/** Returns one that is gone, if any. */
async function takeBlobs(
  archive: BackupArchive,
  blobs: readonly StoredBlob[],
): Promise<StoredBlob | undefined> {
  const waiting = [...blobs];
  let missing: StoredBlob | undefined;
  const takeInTurn = async () => {
    for (let blob = waiting.pop(); blob !== undefined; blob = waiting.pop()) {
      if (!(await archive.takeBlob(blob))) {
        missing = blob;
      }
    }
  };
  await Promise.all(Array.from({ length: BACKUP_BLOBS_AT_ONCE_MAX }, takeInTurn));
  return missing;
}
