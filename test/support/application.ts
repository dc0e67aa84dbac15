import { randomBytes } from "node:crypto";
import { MemoryObjectStore } from "../../provider/server/src/adapters/blob-memory/memory-object-store.ts";
import { SealedBlobStore } from "../../provider/server/src/adapters/blob-sealed/sealed-blob-store.ts";
import { RandomIdSource } from "../../provider/server/src/adapters/id-source/random-id-source.ts";
import { VaultKeyRing } from "../../provider/server/src/adapters/key-ring/vault-key-ring.ts";
import { FileKeyVault } from "../../provider/server/src/adapters/key-vault-file/file-key-vault.ts";
import { SqliteMetadataStore } from "../../provider/server/src/adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { RowSealer } from "../../provider/server/src/adapters/row-sealer/row-sealer.ts";
import { ScryptSecretHasher } from "../../provider/server/src/adapters/secret-hasher/scrypt-secret-hasher.ts";
import { SharedTally } from "../../provider/server/src/adapters/tally/shared-tally.ts";
import { Ed25519TokenSigner } from "../../provider/server/src/adapters/token-signer/ed25519-token-signer.ts";
import { bootstrapOwner } from "../../provider/server/src/app/bootstrap-owner.ts";
import type { Context } from "../../provider/server/src/app/context.ts";
import { LiveUploads } from "../../provider/server/src/app/live-uploads.ts";
import { RateLimits } from "../../provider/server/src/app/rate-limits.ts";
import { RefusalNotes } from "../../provider/server/src/app/refusal-notes.ts";
import { SignInGuard } from "../../provider/server/src/app/sign-in-guard.ts";
import { UsageNotes } from "../../provider/server/src/app/usage-notes.ts";
import type { UserPrincipal } from "../../provider/server/src/domain/access.ts";
import { BoundedMap } from "../../provider/server/src/domain/bounded-map.ts";
import { FixedClock } from "./fixed-clock.ts";
import { RecordedEvents } from "./recorded-events.ts";

/** Use cases' surroundings in memory, with a clock that the test moves, and an owner. */
export interface Application {
  readonly context: Context;
  readonly clock: FixedClock;
  readonly events: RecordedEvents;
  readonly owner: UserPrincipal;
  close(): Promise<void>;
}

export async function startApplication(): Promise<Application> {
  const clock = new FixedClock();
  const events = new RecordedEvents();
  const metadata = await SqliteMetadataStore.open(":memory:");
  await metadata.migrate();
  const vault = new FileKeyVault(randomBytes(32));
  const keys = new VaultKeyRing(vault, metadata.registries);
  const tally = new SharedTally({ secret: randomBytes(32), events, now: () => clock.now() });
  const rateLimits = new RateLimits({
    tally,
    clock,
    anonymous: undefined,
    authenticated: undefined,
  });
  const context: Context = {
    metadata,
    blobs: new SealedBlobStore(new MemoryObjectStore(), keys),
    keys,
    sealer: new RowSealer(keys),
    hasher: new ScryptSecretHasher(randomBytes(32), clock),
    signer: new Ed25519TokenSigner({
      seed: randomBytes(32),
      issuer: "moorage",
      audience: "moorage",
      clock,
    }),
    ids: new RandomIdSource(),
    clock,
    liveUploads: new LiveUploads(),
    usageNotes: new UsageNotes({ metadata, events }),
    rateLimits,
    signInGuard: new SignInGuard({ tally, clock, events, rateLimits }),
    promisedManifests: new BoundedMap(100),
    refusals: new RefusalNotes({ metadata, events, clock, tally }),
    events,
    settings: {
      locations: ["de/fra"],
      addressing: "path",
      domain: "localhost",
      publicUrl: "http://127.0.0.1:5000",
      readOnlyWaitMilliseconds: 100,
      garbageGraceMilliseconds: 60 * 60_000,
    },
  };
  const email = "owner@moorage.example";
  await bootstrapOwner(context, { email, password: "a password for tests only" });
  const user = await metadata.users.findByEmail(email);
  if (user === undefined) {
    throw new Error("there is no owner");
  }
  const { id: userId, organizationId, role } = user;
  const owner: UserPrincipal = { kind: "user", organizationId, userId, email, role };
  const close = async () => {
    await context.usageNotes.close();
    await context.refusals.close();
    tally.close();
    await metadata.close();
  };
  return { context, clock, events, owner, close };
}
