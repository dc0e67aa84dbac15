import { goOn } from "../../domain/at-once.ts";
import type { Instant } from "../../domain/ids.ts";
import {
  CACHED_BLOB_BYTES_MAX,
  CACHED_MANIFEST_BYTES_MAX,
  CACHED_ROWS_MAX,
} from "../../domain/limits.ts";
import { formatReference } from "../../domain/reference.ts";
import type { Registry } from "../../domain/registry.ts";
import type { Token } from "../../domain/token.ts";
import type { User } from "../../domain/user.ts";
import type { BlobIndex, FoundBlob } from "../../ports/blob-index.ts";
import type { ChangeSignal, ChangeTopic } from "../../ports/change-signal.ts";
import type { WrappedKey } from "../../ports/key-ring.ts";
import type { ManifestRecord, ManifestStore } from "../../ports/manifest-store.ts";
import type { MetadataStore } from "../../ports/metadata-store.ts";
import type { RegistryStore } from "../../ports/registry-store.ts";
import type { TokenStore } from "../../ports/token-store.ts";
import type { UserStore } from "../../ports/user-store.ts";
import { replacing } from "./replacing.ts";
import { VersionedCache } from "./versioned-cache.ts";

/** A moment that no grace period reaches. */
const FOR_EVER: Instant = Number.MAX_SAFE_INTEGER;
/** What a cached row costs beside the content in it, roughly. */
const ROW_BYTES = 500;

/**
 * A metadata store that answers the look-ups of every request of the data plane from memory, at once, until something of their kind is
 * changed, by whomever. Everything else goes through.
 */
export function cacheMetadata(inner: MetadataStore, changes: ChangeSignal): MetadataStore {
  return replacing(inner, {
    users: cacheUsers(inner.users, changes),
    registries: cacheRegistries(inner.registries, changes),
    tokens: cacheTokens(inner.tokens, changes),
    blobs: cacheBlobs(inner.blobs, changes),
    manifests: cacheManifests(inner.manifests, changes),
  });
}

function cacheUsers(users: UserStore, changes: ChangeSignal): UserStore {
  const byEmail = rows<User>(changes, "users");
  const byId = rows<User>(changes, "users");
  return replacing(users, {
    findByEmail: (email) => byEmail.through(email, () => users.findByEmail(email)),
    findById: (id) => byId.through(id, () => users.findById(id)),
  });
}

function cacheRegistries(registries: RegistryStore, changes: ChangeSignal): RegistryStore {
  const byName = rows<Registry>(changes, "registries");
  const keys = rows<WrappedKey>(changes, "registries");
  return replacing(registries, {
    wrappedKey: (id) => keys.through(id, () => registries.wrappedKey(id)),
    findByName: (name) => byName.through(name, () => registries.findByName(name)),
  });
}

function cacheTokens(tokens: TokenStore, changes: ChangeSignal): TokenStore {
  const byId = rows<Token>(changes, "tokens");
  const bySecret = rows<Token>(changes, "tokens");
  return replacing(tokens, {
    findById: (id) => byId.through(id, () => tokens.findById(id)),
    // The old secret of a rotation ends by the clock, with no commit to tell of it: only one that is good for ever is kept.
    findBySecretHash: (secretHash, now) =>
      goOn(
        bySecret.through(secretHash, () => tokens.findBySecretHash(secretHash, FOR_EVER)),
        (token) => token ?? tokens.findBySecretHash(secretHash, now),
      ),
  });
}

function cacheManifests(manifests: ManifestStore, changes: ChangeSignal): ManifestStore {
  const weigh = ({ size }: ManifestRecord) => size + ROW_BYTES;
  const version = () => changes.version("manifests");
  const found = new VersionedCache(version, CACHED_MANIFEST_BYTES_MAX, weigh);
  return replacing(manifests, {
    find(registryId, repository, reference) {
      const key = `${registryId} ${repository} ${formatReference(reference)}`;
      return found.through(key, () => manifests.find(registryId, repository, reference));
    },
  });
}

function cacheBlobs(blobs: BlobIndex, changes: ChangeSignal): BlobIndex {
  const weigh = ({ location, size }: FoundBlob) =>
    ROW_BYTES + (location.kind === "inline" ? size : 0);
  const version = () => changes.version("blobs");
  const found = new VersionedCache(version, CACHED_BLOB_BYTES_MAX, weigh);
  return replacing(blobs, {
    find(registryId, repository, digest) {
      const key = `${registryId} ${repository} ${digest}`;
      return found.through(key, () => blobs.find(registryId, repository, digest));
    },
  });
}

function rows<Row>(changes: ChangeSignal, topic: ChangeTopic): VersionedCache<Row> {
  return new VersionedCache<Row>(() => changes.version(topic), CACHED_ROWS_MAX);
}
