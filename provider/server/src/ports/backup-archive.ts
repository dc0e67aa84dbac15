import type { Digest } from "../domain/digest.ts";
import type { RegistryId, StorageKey } from "../domain/ids.ts";

/** A blob whose bytes lie in the blob store. */
export interface StoredBlob {
  readonly registryId: RegistryId;
  readonly key: StorageKey;
}

/** The same, by the names that people know it by. */
export interface NamedBlob extends StoredBlob {
  readonly registryName: string;
  readonly digest: Digest;
}

/** A backup of all that there was. */
export interface BackupSummary {
  readonly path: string;
  /** What the metadata names, and neither the blob store nor the archive has. */
  readonly missing: readonly NamedBlob[];
  readonly blobs: number;
  /** Of all blobs in it, sealed. */
  readonly blobBytes: number;
  /** How many of them were not in the archive before. */
  readonly newBlobs: number;
}

/** Takes one backup. What is taken shows nowhere as a backup before `finish` resolves, and then as a whole one. */
export interface BackupArchive {
  /** Copies the metadata as it is at one moment after the call, in place of a copy from before, and names the blobs that it refers to. */
  takeMetadata(): Promise<readonly NamedBlob[]>;

  /** Copies a blob, unless the archive has it; `false`: its bytes are not there, or the disk does not read them. */
  takeBlob(blob: StoredBlob): Promise<boolean>;

  /** Makes all of it durable, and then a backup, which knows what is missing in it. */
  finish(missing: readonly NamedBlob[]): Promise<BackupSummary>;

  /** Removes all but the newest `count` backups, and the blobs that these do not need. Returns how many backups. */
  keepNewest(count: number): Promise<number>;
}
