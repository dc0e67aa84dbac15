import type { StorageKey, UploadId } from "../domain/ids.ts";

/** Makes identifiers and secrets from the system's random source. */
export interface IdSource {
  /** A random UUID, for anything that the management API names by one. */
  uuid<Id extends string>(): Id;
  /** 128 random bits, base64url. */
  uploadId(): UploadId;
  storageKey(): StorageKey;
  /** 256 random bits in a form that is safe in every shell and URL. */
  tokenSecret(): string;
}
