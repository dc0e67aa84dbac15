import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { type Digest, digestOf } from "../../provider/server/src/domain/digest.ts";
import { RegistryError } from "../../provider/server/src/domain/errors.ts";
import {
  type OrganizationId,
  parseUploadId,
  parseUuid,
  type RunId,
  type ScopeId,
  type StorageKey,
  type TokenId,
  type UploadId,
  type UserId,
} from "../../provider/server/src/domain/ids.ts";
import {
  type Descriptor,
  type Manifest,
  OCI_INDEX,
  OCI_MANIFEST,
} from "../../provider/server/src/domain/manifest.ts";
import { parseTag, type Tag } from "../../provider/server/src/domain/reference.ts";
import type { Registry } from "../../provider/server/src/domain/registry.ts";
import {
  parseRepositoryName,
  type RepositoryName,
} from "../../provider/server/src/domain/repository-name.ts";
import type { Scope } from "../../provider/server/src/domain/scope.ts";
import type { Token } from "../../provider/server/src/domain/token.ts";
import type { UploadSession } from "../../provider/server/src/domain/upload-session.ts";
import type { User } from "../../provider/server/src/domain/user.ts";
import type { BlobRecord, FoundBlob } from "../../provider/server/src/ports/blob-index.ts";
import type {
  FoundManifest,
  ManifestRecord,
} from "../../provider/server/src/ports/manifest-store.ts";
import type { MetadataStore } from "../../provider/server/src/ports/metadata-store.ts";
import type { Organization } from "../../provider/server/src/ports/organization-store.ts";
import type { SealedBytes } from "../../provider/server/src/ports/sealer.ts";
import { newRegistryId, newStorageKey } from "./storage-names.ts";

/** An instant that tests count from. */
export const NOW = Date.UTC(2026, 0, 15, 12);

export const SIGNATURE = { at: NOW, byId: "6f0e3c1a", byName: "owner@example.test" };

export const ORGANIZATION: Organization = {
  id: known(parseUuid<OrganizationId>("7a1d0c6e-3f75-4f0e-9d6c-0a3c5d2f1b10")),
  name: "Example",
  contractNumber: 31_415,
};

export const OWNER: User = {
  id: known(parseUuid<UserId>("1e4f6f0a-57c7-4c4b-8a53-9a51c0a7e001")),
  organizationId: ORGANIZATION.id,
  email: "Owner@Example.test",
  displayName: "The Owner",
  role: "owner",
  passwordHash: "$scrypt$first",
  created: SIGNATURE,
  modified: undefined,
  revision: 1,
};

export function makePerson(parts: Partial<User> = {}): User {
  return {
    ...OWNER,
    id: newUserId(),
    email: `${randomBytes(8).toString("hex")}@example.test`,
    role: "developer",
    ...parts,
  };
}

export const WRAPPED_KEY: Uint8Array = Uint8Array.from([1, 2, 3, 255]);

/** A store with an organization and one registry in it. */
export async function populate(store: MetadataStore): Promise<Registry> {
  await store.organizations.bootstrap(ORGANIZATION, OWNER);
  return addRegistry(store);
}

export async function addRegistry(
  store: MetadataStore,
  parts: Partial<Registry> = {},
): Promise<Registry> {
  const registry = makeRegistry(parts);
  await store.registries.create(registry, WRAPPED_KEY);
  return registry;
}

export function makeRegistry(parts: Partial<Registry> = {}): Registry {
  return {
    id: newRegistryId(),
    organizationId: ORGANIZATION.id,
    name: `r${randomBytes(8).toString("hex")}`,
    location: "de/fra",
    visibility: "private",
    state: "New",
    schedule: undefined,
    isScanned: false,
    allowList: [],
    isProtected: false,
    created: SIGNATURE,
    modified: undefined,
    revision: 1,
    ...parts,
  };
}

export function makeToken(registry: Registry, parts: Partial<Token> = {}): Token {
  return {
    id: newTokenId(),
    organizationId: registry.organizationId,
    registryId: registry.id,
    name: `t${randomBytes(8).toString("hex")}`,
    description: undefined,
    status: "enabled",
    expiresAt: undefined,
    isOneTime: false,
    scopes: [],
    lastUsedAt: undefined,
    created: SIGNATURE,
    modified: undefined,
    ...parts,
  };
}

export function makeScope(name: string, actions: readonly string[] = ["pull"]): Scope {
  return { id: known(parseUuid<ScopeId>(randomUUID())), type: "repository", name, actions };
}

export function newTokenId(): TokenId {
  return known(parseUuid<TokenId>(randomUUID()));
}

export function newOrganizationId(): OrganizationId {
  return known(parseUuid<OrganizationId>(randomUUID()));
}

export function newUserId(): UserId {
  return known(parseUuid<UserId>(randomUUID()));
}

export function newRunId(): RunId {
  return known(parseUuid<RunId>(randomUUID()));
}

export function newUploadId(): UploadId {
  return known(parseUploadId(randomBytes(16).toString("base64url")));
}

export function newSecretHash(): string {
  return randomBytes(32).toString("base64url");
}

export function makeUpload(registry: Registry, parts: Partial<UploadSession> = {}): UploadSession {
  return {
    id: newUploadId(),
    registryId: registry.id,
    repository: APP,
    startedBy: `user:${OWNER.id}`,
    storageKey: newStorageKey(),
    offset: 0,
    startedAt: NOW,
    touchedAt: NOW,
    ...parts,
  };
}

export const APP: RepositoryName = parseRepositoryName("team/app");
export const OTHER: RepositoryName = parseRepositoryName("team/other");

export function repository(name: string): RepositoryName {
  return parseRepositoryName(name);
}

export function tag(name: string): Tag {
  return parseTag(name);
}

/** The digest of some text: another one for each text. */
export function digestFor(text: string): Digest {
  return digestOf("sha256", createHash("sha256").update(text).digest("hex"));
}

/** In these tests nothing is encrypted; a store cannot tell. */
export function sealed(text: string): SealedBytes {
  return Uint8Array.from(Buffer.from(text)) as SealedBytes;
}

export function storedBlob(text: string, key: StorageKey = newStorageKey()): BlobRecord {
  return {
    digest: digestFor(text),
    size: text.length,
    location: { kind: "stored", key },
  };
}

export function inlineBlob(text: string): BlobRecord {
  return {
    digest: digestFor(text),
    size: text.length,
    location: { kind: "inline", sealed: sealed(text) },
  };
}

/** The blob as it is found when a client was told of it at `touchedAt`. */
export function foundBlob(blob: BlobRecord, touchedAt = NOW): FoundBlob {
  return { ...blob, touchedAt, isDamaged: false };
}

/** A manifest as it is found, with all that belongs to it. */
export function foundManifest({ record }: Push): FoundManifest {
  return { ...record, isIncomplete: false };
}

export function describing(text: string, parts: Partial<Descriptor> = {}): Descriptor {
  return {
    mediaType: "application/octet-stream",
    digest: digestFor(text),
    size: text.length,
    hasUrls: false,
    ...parts,
  };
}

/** What is pushed: a manifest and what stands in it, as if `text` were its bytes. */
export interface Push {
  readonly record: ManifestRecord;
  readonly manifest: Manifest;
}

export function imageOf(
  text: string,
  blobs: readonly string[],
  parts: Partial<Manifest> = {},
): Push {
  return push(text, {
    mediaType: OCI_MANIFEST,
    artifactType: "application/vnd.oci.image.config.v1+json",
    subject: undefined,
    blobs: blobs.map((blob) => describing(blob)),
    manifests: [],
    annotations: undefined,
    ...parts,
  });
}

export function indexOf(text: string, children: readonly Push[]): Push {
  return push(text, {
    mediaType: OCI_INDEX,
    artifactType: undefined,
    subject: undefined,
    blobs: [],
    manifests: children.map(({ record }) => ({
      mediaType: record.mediaType,
      digest: record.digest,
      size: record.size,
      hasUrls: false,
    })),
    annotations: undefined,
  });
}

function push(text: string, manifest: Manifest): Push {
  const { mediaType } = manifest;
  return {
    record: { digest: digestFor(text), mediaType, size: text.length, sealed: sealed(text) },
    manifest,
  };
}

/** Makes blobs of these texts visible in a repository. */
export async function addBlobs(
  store: MetadataStore,
  registry: Registry,
  name: RepositoryName,
  texts: readonly string[],
): Promise<void> {
  for (const text of texts) {
    await store.blobs.commit(registry.id, name, inlineBlob(text), undefined, NOW);
  }
}

export async function pushTo(
  store: MetadataStore,
  registry: Registry,
  name: RepositoryName,
  { record, manifest }: Push,
  ...tags: readonly string[]
): Promise<void> {
  await store.manifests.put(registry.id, name, record, manifest, tags.map(tag), NOW);
}

/** For `assert.rejects`: a refusal for this reason, with this detail where one is given. */
export function refusal(
  reason: RegistryError["reason"],
  detail?: object,
): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof RegistryError, `not a refusal: ${String(error)}`);
    assert.equal(error.reason, reason);
    if (detail !== undefined) {
      assert.deepEqual(error.detail, detail);
    }
    return true;
  };
}

function known<Value>(value: Value | undefined): Value {
  assert.ok(value !== undefined);
  return value;
}
