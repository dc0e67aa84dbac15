import { goOn } from "../../domain/at-once.ts";
import type { Instant } from "../../domain/ids.ts";
import {
  CACHED_BLOB_BYTES_MAX,
  CACHED_MANIFEST_BYTES_MAX,
  CACHED_ROWS_MAX,
} from "../../domain/limits.ts";
import { formatReference } from "../../domain/reference.ts";
import type { Registry } from "../../domain/registry.ts";
import { replacing } from "../../domain/replacing.ts";
import type { Token } from "../../domain/token.ts";
import type { User } from "../../domain/user.ts";
import type { BlobIndex, FoundBlob } from "../../ports/blob-index.ts";
import type { ChangeSignal, ChangeTopic } from "../../ports/change-signal.ts";
import type { WrappedKey } from "../../ports/key-ring.ts";
import type { FoundManifest, ManifestStore } from "../../ports/manifest-store.ts";
import type { MetadataStore } from "../../ports/metadata-store.ts";
import { type Meter, NO_METER } from "../../ports/meter.ts";
import type { RegistryStore } from "../../ports/registry-store.ts";
import type { TokenStore } from "../../ports/token-store.ts";
import type { UserStore } from "../../ports/user-store.ts";
import { type CountedLookups, VersionedCache } from "./versioned-cache.ts";

/** A moment that no grace period reaches. */
const FOR_EVER: Instant = Number.MAX_SAFE_INTEGER;
/** What a cached row costs beside the content in it, roughly. */
const ROW_BYTES = 500;

/**
 * A metadata store that answers the look-ups of every request of the data plane from memory, at once, until something of their kind is
 * changed, by whomever. Everything else goes through.
 */
export function cacheMetadata(
  inner: MetadataStore,
  changes: ChangeSignal,
  meter: Meter = NO_METER,
): MetadataStore {
  const parts = { changes, meter };
  return replacing(inner, {
    users: cacheUsers(inner.users, parts),
    registries: cacheRegistries(inner.registries, parts),
    tokens: cacheTokens(inner.tokens, parts),
    blobs: cacheBlobs(inner.blobs, parts),
    manifests: cacheManifests(inner.manifests, parts),
  });
}

interface Parts {
  readonly changes: ChangeSignal;
  readonly meter: Meter;
}

function cacheUsers(users: UserStore, parts: Parts): UserStore {
  const byEmail = rows<User>(parts, "users");
  const byId = rows<User>(parts, "users");
  return replacing(users, {
    findByEmail: (email) => byEmail.through(email, () => users.findByEmail(email)),
    findById: (id) => byId.through(id, () => users.findById(id)),
  });
}

function cacheRegistries(registries: RegistryStore, parts: Parts): RegistryStore {
  const byName = rows<Registry>(parts, "registries");
  const keys = rows<WrappedKey>(parts, "registries", "keys");
  return replacing(registries, {
    wrappedKey: (id) => keys.through(id, () => registries.wrappedKey(id)),
    findByName: (name) => byName.through(name, () => registries.findByName(name)),
  });
}

function cacheTokens(tokens: TokenStore, parts: Parts): TokenStore {
  const byId = rows<Token>(parts, "tokens");
  const bySecret = rows<Token>(parts, "tokens");
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

function cacheManifests(manifests: ManifestStore, parts: Parts): ManifestStore {
  const weigh = ({ size }: FoundManifest) => size + ROW_BYTES;
  const version = () => parts.changes.version("manifests");
  const found = new VersionedCache(
    version,
    CACHED_MANIFEST_BYTES_MAX,
    weigh,
    lookupsIn(parts, "manifests"),
  );
  return replacing(manifests, {
    find(registryId, repository, reference) {
      const key = `${registryId} ${repository} ${formatReference(reference)}`;
      return found.through(key, () => manifests.find(registryId, repository, reference));
    },
  });
}

function cacheBlobs(blobs: BlobIndex, parts: Parts): BlobIndex {
  const weigh = ({ location, size }: FoundBlob) =>
    ROW_BYTES + (location.kind === "inline" ? size : 0);
  const version = () => parts.changes.version("blobs");
  const found = new VersionedCache(
    version,
    CACHED_BLOB_BYTES_MAX,
    weigh,
    lookupsIn(parts, "blobs"),
  );
  return replacing(blobs, {
    find(registryId, repository, digest) {
      const key = `${registryId} ${repository} ${digest}`;
      return found.through(key, () => blobs.find(registryId, repository, digest));
    },
  });
}

function rows<Row>(parts: Parts, topic: ChangeTopic, cache: string = topic): VersionedCache<Row> {
  const version = () => parts.changes.version(topic);
  return new VersionedCache<Row>(version, CACHED_ROWS_MAX, undefined, lookupsIn(parts, cache));
}

function lookupsIn({ meter }: Parts, cache: string): CountedLookups {
  return {
    hits: meter.counter("moorage_cache_lookups_total", { cache, result: "hit" }),
    misses: meter.counter("moorage_cache_lookups_total", { cache, result: "miss" }),
  };
}
