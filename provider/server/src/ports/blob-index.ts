import type { AtOnce } from "../domain/at-once.ts";
import type { AuditEvent } from "../domain/audit.ts";
import type { Digest } from "../domain/digest.ts";
import type { Instant, RegistryId, StorageKey } from "../domain/ids.ts";
import type { RepositoryName } from "../domain/repository-name.ts";
import type { SealedBytes } from "./sealer.ts";
import type { EndingUpload } from "./upload-store.ts";

/** Where a blob's bytes are. */
export type BlobLocation =
  | { readonly kind: "stored"; readonly key: StorageKey }
  | { readonly kind: "inline"; readonly sealed: SealedBytes };

export interface BlobRecord {
  readonly digest: Digest;
  readonly size: number;
  readonly location: BlobLocation;
}

/** A blob with the moment at which a client was last told that it exists, which may be a while before the latest such moment. */
export interface FoundBlob extends BlobRecord {
  readonly touchedAt: Instant;
  /** Its bytes were found damaged: nobody is told that it exists, so that whoever needs it pushes it again. */
  readonly isDamaged: boolean;
}

/** Which blobs a registry has, and which of its repositories may see them. */
export interface BlobIndex {
  /** The blob, if that repository may see it. */
  find(
    registryId: RegistryId,
    repository: RepositoryName,
    digest: Digest,
  ): AtOnce<FoundBlob | undefined>;

  /**
   * Makes an uploaded blob visible in a repository (created if need be) and ends its upload session, stored or not, in one step. Where the registry
   * has the blob already, the repository is given that one, and it is returned: `blob.location` is not used, and the caller removes its
   * bytes, or has them take the place of those that the registry has.
   * @throws RegistryError `registry-unknown` when the registry is gone; `upload-unknown` when the session has ended
   */
  commit(
    registryId: RegistryId,
    repository: RepositoryName,
    blob: BlobRecord,
    upload: EndingUpload | undefined,
    now: Instant,
  ): Promise<FoundBlob | undefined>;

  /**
   * Lets `to` (created if need be) see a blob that `from` sees, and returns it; `undefined`: `from` does not see it, or it is known to be
   * damaged.
   */
  mount(
    registryId: RegistryId,
    from: RepositoryName,
    to: RepositoryName,
    digest: Digest,
    now: Instant,
  ): Promise<BlobRecord | undefined>;

  /** Up to `limit` repositories that see the blob, in no order. */
  holders(
    registryId: RegistryId,
    digest: Digest,
    limit: number,
  ): Promise<readonly RepositoryName[]>;

  /**
   * Takes a blob out of a repository; other repositories keep it, and so does the registry until its garbage is collected. `false`:
   * the repository did not see it.
   */
  unlink(
    registryId: RegistryId,
    repository: RepositoryName,
    digest: Digest,
    event?: AuditEvent,
  ): Promise<boolean>;

  /**
   * Notes that a client is told that these blobs exist, so that the collector spares them for a while, and returns those of which that is
   * true: the others have become garbage, or are gone.
   */
  touch(
    registryId: RegistryId,
    digests: readonly Digest[],
    now: Instant,
  ): Promise<readonly Digest[]>;

  /**
   * Notes that the bytes of a blob at this place are damaged. `false`: that was known, or the blob has other bytes by now, or is gone.
   */
  noteDamage(registryId: RegistryId, blob: BlobRecord, now: Instant): Promise<boolean>;

  /** Takes that back: the bytes at this place were read, and are sound. */
  noteSoundness(registryId: RegistryId, blob: BlobRecord): Promise<void>;

  /**
   * Has other bytes of the same content take the place of a blob's, for every repository that sees it. `false`: it has other bytes than
   * those of `blob` by now, or is gone.
   */
  replaceBytes(registryId: RegistryId, blob: BlobRecord, by: BlobLocation): Promise<boolean>;

  /** Of these storage keys, those that neither a blob nor an upload of the registry names. */
  unreferenced(registryId: RegistryId, keys: readonly StorageKey[]): Promise<readonly StorageKey[]>;
}
