import { BACKUP_BLOBS_AT_ONCE_MAX, BACKUP_ROUNDS_MAX } from "../domain/limits.ts";
import type { BackupArchive, BackupSummary, NamedBlob } from "../ports/backup-archive.ts";

/*
 * A backup while servers run. The bytes of a blob never change once a row names them, so only two things can happen meanwhile:
 *
 *   something is pushed      it is not in the copy of the metadata, or it is, and then its bytes were durable before its row was
 *   something is removed     the collector, or the deletion of a registry: first the row goes, then the bytes
 *
 * So the metadata is copied first, at one moment, and then the blobs that this copy names. Bytes that are gone belong to a row that is gone
 * by now: the metadata is copied anew. The next round has little left to do, since the archive keeps what it has, so the
 * window for another removal is small. A blob that the next copy still names was lost, not removed: a backup of all else is
 * what there can be, and the one thing that an operator must not be left without.
 */
export async function backUp(archive: BackupArchive): Promise<BackupSummary> {
  let before: readonly NamedBlob[] = [];
  for (let round = 1; ; round++) {
    const missing = await takeBlobs(archive, await archive.takeMetadata());
    const known = new Set(before.map(({ key }) => key));
    if (round === BACKUP_ROUNDS_MAX || missing.every(({ key }) => known.has(key))) {
      return archive.finish(missing);
    }
    before = missing;
  }
}

/** Returns those that are gone. */
async function takeBlobs(
  archive: BackupArchive,
  blobs: readonly NamedBlob[],
): Promise<readonly NamedBlob[]> {
  const waiting = [...blobs];
  const missing: NamedBlob[] = [];
  const takeInTurn = async () => {
    for (let blob = waiting.pop(); blob !== undefined; blob = waiting.pop()) {
      if (!(await archive.takeBlob(blob))) {
        missing.push(blob);
      }
    }
  };
  await Promise.all(Array.from({ length: BACKUP_BLOBS_AT_ONCE_MAX }, takeInTurn));
  return missing;
}
