import type { BoundedMap } from "../domain/bounded-map.ts";
import type { PortRange } from "../domain/port-range.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventSink } from "../ports/event-sink.ts";
import type { IdSource } from "../ports/id-source.ts";
import type { KeyRing } from "../ports/key-ring.ts";
import type { MetadataStore } from "../ports/metadata-store.ts";
import type { Meter } from "../ports/meter.ts";
import type { Sealer } from "../ports/sealer.ts";
import type { SecretHasher } from "../ports/secret-hasher.ts";
import type { TokenSigner } from "../ports/token-signer.ts";
import type { Tracer } from "../ports/tracer.ts";
import type { Identities } from "./identities.ts";
import type { LiveUploads } from "./live-uploads.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { RefusalNotes } from "./refusal-notes.ts";
import type { SignInGuard } from "./sign-in-guard.ts";
import type { UsageNotes } from "./usage-notes.ts";

/** What use cases work with. Made once, in `compose.ts`; a use case names the parts that it needs by `Pick`. */
export interface Context {
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  readonly keys: KeyRing;
  readonly sealer: Sealer;
  readonly hasher: SecretHasher;
  readonly signer: TokenSigner;
  /** Absent where no identity provider is configured. */
  readonly identities?: Identities | undefined;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly liveUploads: LiveUploads;
  readonly usageNotes: UsageNotes;
  readonly rateLimits: RateLimits;
  readonly signInGuard: SignInGuard;
  /** When this worker last noted that a manifest was promised; see `promiseManifest`. */
  readonly promisedManifests: BoundedMap<string, number>;
  readonly refusals: RefusalNotes;
  readonly events: EventSink;
  /** Absent where nobody watches. */
  readonly meter?: Meter | undefined;
  /** Absent where nobody collects traces. */
  readonly tracer?: Tracer | undefined;
  readonly settings: ApplicationSettings;
}

/** The settings that the registry's rules depend on. */
export interface ApplicationSettings {
  /** Identifiers `cc/ccc`. */
  readonly locations: readonly string[];
  /** How the API tells clients to address a registry; both ways are served. */
  readonly addressing: "host" | "path" | "port";
  /** Absent: registries have no ports of their own. */
  readonly registryPorts?: PortRange | undefined;
  /** Suffix of registries' host names. */
  readonly domain: string;
  /** Where clients reach the server, `https://host:port`, without a path. */
  readonly publicUrl: string;
  /** How long a push or a delete waits for a registry that is read-only. */
  readonly readOnlyWaitMilliseconds: number;
  /** For how long a blob that a client was told of is no garbage. */
  readonly garbageGraceMilliseconds: number;
  /** For how long the audit log keeps an event; absent: for ever. */
  readonly auditRetentionMilliseconds?: number | undefined;
}
