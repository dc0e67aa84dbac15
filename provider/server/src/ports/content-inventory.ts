import type { Digest } from "../domain/digest.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { RepositoryName } from "../domain/repository-name.ts";
import type { BlobRecord } from "./blob-index.ts";
import type { SealedBytes } from "./sealer.ts";

/** A row, by the number that it has for good. */
interface Row {
  readonly row: number;
  readonly registryId: RegistryId;
  readonly registryName: string;
}

export interface InventoriedBlob extends Row, BlobRecord {
  /** It was found damaged before. */
  readonly isDamaged: boolean;
}

export interface InventoriedManifest extends Row {
  readonly repository: RepositoryName;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly sealed: SealedBytes;
}

/** What a manifest refers to, by the rows that say so. */
export interface InventoriedReference {
  readonly digest: Digest;
  /** `lost-blob`: of another registry or digest, or garbage. `nothing`: what the repository does not hold, and need not. */
  readonly to: "blob" | "lost-blob" | "manifest" | "nothing";
}

/** Everything that there is, whosever it is, for checking that all of it is there. Pages begin behind the row `after`. */
export interface ContentInventory {
  /** Blobs that are no garbage. */
  blobs(after: number, limit: number): Promise<readonly InventoriedBlob[]>;
  manifests(after: number, limit: number): Promise<readonly InventoriedManifest[]>;
  references(manifest: InventoriedManifest): Promise<readonly InventoriedReference[]>;
  /** Tags and blobs that belong to a repository, and manifests or registries that are another one's: one sentence each. */
  strays(): Promise<readonly string[]>;
  /** What the database finds wrong with itself, rows that refer to no row included: one sentence each. */
  damage(): Promise<readonly string[]>;
}
