import assert from "node:assert/strict";
import { z } from "zod";
import { type Digest, isDigest } from "../../domain/digest.ts";
import {
  type AuditEventId,
  type OrganizationId,
  parseStorageKey,
  parseUploadId,
  parseUuid,
  type RegistryId,
  type RunId,
  type ScopeId,
  type StorageKey,
  type TokenId,
  type UploadId,
  type UserId,
} from "../../domain/ids.ts";
import { isTag, type Tag } from "../../domain/reference.ts";
import { isRepositoryName, type RepositoryName } from "../../domain/repository-name.ts";
import type { SealedBytes } from "../../ports/sealer.ts";

/**
 * What comes out of the database becomes a domain value here, or the request dies: a row that does not fit was damaged, or written by
 * something other than this program.
 */
export const stored = {
  organizationId: (text: string): OrganizationId => found(parseUuid<OrganizationId>(text), text),
  registryId: (text: string): RegistryId => found(parseUuid<RegistryId>(text), text),
  userId: (text: string): UserId => found(parseUuid<UserId>(text), text),
  tokenId: (text: string): TokenId => found(parseUuid<TokenId>(text), text),
  scopeId: (text: string): ScopeId => found(parseUuid<ScopeId>(text), text),
  runId: (text: string): RunId => found(parseUuid<RunId>(text), text),
  auditEventId: (text: string): AuditEventId => found(parseUuid<AuditEventId>(text), text),
  uploadId: (text: string): UploadId => found(parseUploadId(text), text),
  storageKey: (text: string): StorageKey => found(parseStorageKey(text), text),
  digest: (text: string): Digest => found(isDigest(text) ? text : undefined, text),
  tag: (text: string): Tag => found(isTag(text) ? text : undefined, text),
  repositoryName: (text: string): RepositoryName =>
    found(isRepositoryName(text) ? text : undefined, text),
  /** Only what a `Sealer` made is ever written to these columns, and only it can open them. */
  sealed: (bytes: Uint8Array): SealedBytes => bytes as SealedBytes,
  oneOf: <Value extends string>(values: readonly Value[], text: string): Value =>
    found(
      values.find((value) => value === text),
      text,
    ),
  json: <Shape>(shape: z.ZodType<Shape>, text: string): Shape => shape.parse(JSON.parse(text)),
};

export const TEXTS = z.array(z.string());
export const TEXTS_BY_NAME = z.record(z.string(), z.string());

function found<Value>(value: Value | undefined, text: string): Value {
  assert(value !== undefined, `the database holds ${JSON.stringify(text)}, which cannot be`);
  return value;
}

/** Booleans are 0 and 1 in the database. */
export function toFlag(value: boolean): number {
  return value ? 1 : 0;
}
