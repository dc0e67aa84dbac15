/**
 * Identifiers that must not be confused. Each is a plain string at run time; the brand exists for the compiler, and the
 * only ways to get one are these parsers, a generator in an adapter, and the metadata store.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The isolation boundary ("tenant"): a UUID. */
export type OrganizationId = Branded<"OrganizationId">;
export type RegistryId = Branded<"RegistryId">;
export type UserId = Branded<"UserId">;
export type TokenId = Branded<"TokenId">;
export type ScopeId = Branded<"ScopeId">;
/** Names a garbage collection. */
export type RunId = Branded<"RunId">;
export type AuditEventId = Branded<"AuditEventId">;
/** Names an upload session; unguessable, since it stands in a URL. */
export type UploadId = Branded<"UploadId">;
/** Where a blob's bytes lie. Random, never the digest: removing an old copy can never hit a new upload of the same content. */
export type StorageKey = Branded<"StorageKey">;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

const UUID = /^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/;

/** A UUID of the management API, in lower case; `undefined` where the text is none. */
export function parseUuid<Id extends Branded<string>>(text: string): Id | undefined {
  return UUID.test(text) ? (text.toLowerCase() as Id) : undefined;
}

const UPLOAD_ID = /^[A-Za-z0-9_-]{16,64}$/;

export function parseUploadId(text: string): UploadId | undefined {
  return UPLOAD_ID.test(text) ? (text as UploadId) : undefined;
}

const STORAGE_KEY = /^[A-Za-z0-9_-]{16,64}$/;

/** A storage key as a store lists it; `undefined` where the text is none. */
export function parseStorageKey(text: string): StorageKey | undefined {
  return STORAGE_KEY.test(text) ? (text as StorageKey) : undefined;
}
