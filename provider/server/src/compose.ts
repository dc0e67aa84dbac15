import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { MessagePort } from "node:worker_threads";
import { FilesystemObjectStore } from "./adapters/blob-filesystem/filesystem-object-store.ts";
import { SealedBlobStore } from "./adapters/blob-sealed/sealed-blob-store.ts";
import { traceObjects } from "./adapters/blob-traced/traced-object-store.ts";
import { SystemClock } from "./adapters/clock/system-clock.ts";
import { PinoEventLog } from "./adapters/event-log/pino-event-log.ts";
import { RandomIdSource } from "./adapters/id-source/random-id-source.ts";
import { OidcIdentityVerifier } from "./adapters/identity-oidc/oidc-identity-verifier.ts";
import { VaultKeyRing } from "./adapters/key-ring/vault-key-ring.ts";
import { cacheMetadata } from "./adapters/metadata-cached/cached-metadata-store.ts";
import { measureMetadata } from "./adapters/metadata-measured/measured-metadata-store.ts";
import { WriteRelay } from "./adapters/metadata-relayed/relayed-metadata-store.ts";
import type { SqliteMetadataStore } from "./adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { traceMetadata } from "./adapters/metadata-traced/traced-metadata-store.ts";
import { SharedMeter } from "./adapters/meter-shared/shared-meter.ts";
import { RememberingSealer } from "./adapters/row-sealer/remembering-sealer.ts";
import { RowSealer } from "./adapters/row-sealer/row-sealer.ts";
import { ScryptSecretHasher } from "./adapters/secret-hasher/scrypt-secret-hasher.ts";
import { SharedTally } from "./adapters/tally/shared-tally.ts";
import { Ed25519TokenSigner } from "./adapters/token-signer/ed25519-token-signer.ts";
import type { Context } from "./app/context.ts";
import { Identities } from "./app/identities.ts";
import { LiveUploads } from "./app/live-uploads.ts";
import { RateLimits } from "./app/rate-limits.ts";
import { RefusalNotes } from "./app/refusal-notes.ts";
import { SignInGuard } from "./app/sign-in-guard.ts";
import { UsageNotes } from "./app/usage-notes.ts";
import { awaitOwner, makeOwner, type OwnerNotice } from "./compose/first-owner.ts";
import {
  blobDirectory,
  instanceContext,
  openOrMakeStorage,
  unwrapSecret,
} from "./compose/storage.ts";
import { ConfigError } from "./config/config-error.ts";
import type { Config } from "./config.ts";
import { BoundedMap } from "./domain/bounded-map.ts";
import { PROMISED_MANIFESTS_MAX } from "./domain/limits.ts";
import type { ChangeSignal } from "./ports/change-signal.ts";
import type { EventSink } from "./ports/event-sink.ts";
import type { KeyVault } from "./ports/key-vault.ts";
import type { MetadataStore } from "./ports/metadata-store.ts";
import type { ObjectStore } from "./ports/object-store.ts";
import type { Tally } from "./ports/tally.ts";
import type { Tracer } from "./ports/tracer.ts";

/** The server's parts, joined; and what to do with them at the end. */
export interface Composition {
  readonly context: Context;
  /** Set when this start made the owner: who it is, and where the password and the keys lie. */
  readonly ownerNotice: OwnerNotice | undefined;
  /** Tells whether anything of the metadata may have changed. */
  readonly changes: ChangeSignal;
  close(): Promise<void>;
}

/** Joined parts that nobody can sign in to yet. */
export interface BegunComposition extends Omit<Composition, "ownerNotice"> {
  readonly ownerNotice: Promise<Composition["ownerNotice"]>;
}

/** What the workers of one process share; absent where there is one alone. */
export interface SharedMemory {
  /** One number: how often anything was committed. */
  readonly commits?: Int32Array;
  /** `TALLY_MEMORY_BYTES` for the counts of callers. */
  readonly tally?: SharedArrayBuffer;
  /** Of this worker alone: where it counts for whoever watches. Absent: it does not. */
  readonly metricPage?: SharedArrayBuffer;
  /** The way to the thread that writes to the database for all workers. Absent: this one writes for itself. */
  readonly writer?: MessagePort;
  /** Which of the workers this is. */
  readonly workerIndex?: number;
}

/**
 * The only place where adapters meet use cases. Creates what a first start needs: the data directory (0700), the master key, the
 * installation's secrets, the owner.
 */
export async function compose(config: Config, shared: SharedMemory = {}): Promise<Composition> {
  const begun = await beginComposition(config, shared);
  return { ...begun, ownerNotice: await begun.ownerNotice };
}

/** The same, before the owner is there: hashing the password takes as long as all the rest. */
export async function beginComposition(
  config: Config,
  shared: SharedMemory = {},
): Promise<BegunComposition> {
  const { dataDir } = config;
  await makeDataDir(dataDir);
  const clock = new SystemClock();
  let tracer: Tracer | undefined;
  const around = config.tracing && (() => tracer?.current());
  const events = new PinoEventLog({ level: config.logLevel, around });
  tracer = await tracerOf(config, shared, events);
  const meter = shared.metricPage && new SharedMeter(shared.metricPage);
  const storage = await openOrMakeStorage(config, { commits: shared.commits, meter });
  const { stored, vault } = storage;
  const relay = shared.writer && new WriteRelay(shared.writer);
  const metadata = wrapMetadata(stored, { meter, tracer, relay });
  const keys = new VaultKeyRing(vault, metadata.registries);
  const objects = await openObjects(dataDir, tracer, events);
  const tally = new SharedTally({
    path: join(dataDir, "counts.sqlite"),
    memory: shared.tally,
    secret: await secretOf(metadata, vault, "tally"),
    events,
    now: () => clock.now(),
  });
  const limits = limitsOf(config, { tally, clock, events });
  const context: Context = {
    metadata,
    blobs: new SealedBlobStore(objects, keys),
    keys,
    sealer: new RememberingSealer(new RowSealer(keys), meter),
    hasher: new ScryptSecretHasher(await secretOf(metadata, vault, "token-hash"), clock),
    signer: new Ed25519TokenSigner({
      seed: await secretOf(metadata, vault, "bearer-signing"),
      issuer: "moorage",
      audience: "moorage",
      clock,
      meter,
    }),
    identities: identitiesOf(config, { metadata, clock, events, tracer }),
    ids: new RandomIdSource(),
    clock,
    liveUploads: new LiveUploads(),
    usageNotes: new UsageNotes({ metadata, events }),
    ...limits,
    promisedManifests: new BoundedMap(PROMISED_MANIFESTS_MAX),
    refusals: new RefusalNotes({ metadata, events, clock, tally }),
    events,
    meter,
    tracer,
    settings: settingsOf(config),
  };
  const ownerNotice =
    (shared.workerIndex ?? 0) === 0 ? makeOwner(context, config) : awaitOwner(context);
  // Whoever waits for it learns of a failure; it may be that nobody gets there.
  ownerNotice.catch(() => {});
  const close = async () => {
    await ownerNotice.catch(() => {});
    await context.liveUploads.close();
    await context.usageNotes.close();
    await context.refusals.close();
    tally.close();
    await relay?.close();
    await storage.close();
    await tracer?.close();
    await events.close();
  };
  return { context, ownerNotice, changes: stored.changes, close };
}

/** What use cases are told of the settings. */
function settingsOf(config: Config): Context["settings"] {
  return {
    locations: config.locations,
    addressing: config.addressing,
    registryPorts: config.registryPorts,
    domain: config.domain,
    publicUrl: config.publicUrl,
    readOnlyWaitMilliseconds: config.readOnlyWaitMilliseconds,
    garbageGraceMilliseconds: config.garbageGraceMilliseconds,
    auditRetentionMilliseconds: config.auditRetentionMilliseconds,
  };
}

function wrapMetadata(
  stored: SqliteMetadataStore,
  { meter, tracer, relay }: Pick<Context, "meter" | "tracer"> & { relay: WriteRelay | undefined },
): MetadataStore {
  const relayed = relay === undefined ? stored : relay.through(stored);
  const counted = meter === undefined ? relayed : measureMetadata(relayed, meter);
  const traced = tracer === undefined ? counted : traceMetadata(counted, tracer);
  return cacheMetadata(traced, stored.changes, meter);
}

async function openObjects(
  dataDir: string,
  tracer: Tracer | undefined,
  events: EventSink,
): Promise<ObjectStore> {
  const objects = await FilesystemObjectStore.open(blobDirectory(dataDir), events);
  return tracer === undefined ? objects : traceObjects(objects, tracer);
}

/** What it takes to trace is loaded only where somebody collects traces. */
async function tracerOf(
  { tracing }: Config,
  { workerIndex = 0 }: SharedMemory,
  events: EventSink,
): Promise<Tracer | undefined> {
  if (tracing === undefined) {
    return undefined;
  }
  const { OtlpTracer } = await import("./adapters/tracer-otlp/otlp-tracer.ts");
  return new OtlpTracer({ ...tracing, instance: `${process.pid}-${workerIndex}`, events });
}

function limitsOf(
  { rateLimit, authenticatedRateLimit }: Config,
  parts: Pick<Context, "clock" | "events"> & { readonly tally: Tally },
): Pick<Context, "rateLimits" | "signInGuard"> {
  const rateLimits = new RateLimits({
    ...parts,
    anonymous: rateLimit,
    authenticated: authenticatedRateLimit,
  });
  return { rateLimits, signInGuard: new SignInGuard({ ...parts, rateLimits }) };
}

function identitiesOf(
  { identityProviders: providers }: Config,
  parts: Pick<Context, "metadata" | "clock" | "events" | "tracer">,
): Identities | undefined {
  if (providers.length === 0) {
    return undefined;
  }
  const verifier = new OidcIdentityVerifier({
    ...parts,
    providers,
    headers: () => parts.tracer?.headers() ?? {},
  });
  return new Identities({ ...parts, verifier, providers });
}

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    const expected = "expected a directory that this user may write to, or may make";
    throw new ConfigError(`MOORAGE_DATA_DIR: ${expected} (${problem})`, { cause });
  }
}

/** A secret of the installation: made at the first start, stored wrapped, the same in every process. */
async function secretOf(metadata: MetadataStore, vault: KeyVault, name: string) {
  const make = () => vault.wrap(instanceContext(name), randomBytes(32));
  return unwrapSecret(vault, name, await metadata.instance.secret(name, make));
}
