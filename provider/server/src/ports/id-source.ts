import type { StorageKey, UploadId } from "../domain/ids.ts";

/** Makes identifiers and secrets from the system's random source. */
export interface IdSource {
  /** A random UUID, for anything that the management API names by one. */
  uuid<Id extends string>(): Id;
  /** 128 random bits, base64url. */
  uploadId(): UploadId;
  storageKey(): StorageKey;
  /** A token's secret in the form of `domain/token-secret.ts`: safe in every shell and URL. */
  tokenSecret(): string;
  /** A person's password: 192 random bits, base64url, never of the form of a token's secret. */
  password(): string;
}
