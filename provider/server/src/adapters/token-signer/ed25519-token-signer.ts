import {
  createHash,
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  randomUUID,
} from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { Grant } from "../../domain/access.ts";
import { BoundedMap } from "../../domain/bounded-map.ts";
import type { Identity } from "../../domain/identity.ts";
import { type Instant, parseUuid, type RegistryId, type UserId } from "../../domain/ids.ts";
import { BEARER_CACHE_ENTRIES_MAX, BEARER_UPLOAD_GRACE_SECONDS } from "../../domain/limits.ts";
import { ACTIONS } from "../../domain/scope.ts";
import type { Clock } from "../../ports/clock.ts";
import { type Counter, type Meter, NO_METER } from "../../ports/meter.ts";
import type { BearerClaims, TokenSigner } from "../../ports/token-signer.ts";

const ALGORITHM = "EdDSA";
const SEED_BYTES = 32;
/** What stands before the seed in the PKCS #8 form of an Ed25519 key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

export interface TokenSignerOptions {
  /** 32 secret bytes that the signing key is made from: the same in every process of an installation. */
  readonly seed: Uint8Array;
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
  /** Left out: nothing is counted. */
  readonly meter?: Meter | undefined;
}

interface Verified {
  readonly claims: BearerClaims;
  readonly expiresAt: Instant;
}

/**
 * Signs bearer tokens as Ed25519 JWTs. Checking a signature costs more than all the rest of a small request, so a token that was found
 * right is remembered by its hash; its expiry is compared each time.
 */
export class Ed25519TokenSigner implements TokenSigner {
  readonly #options: TokenSignerOptions;
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #keyId: string;
  readonly #hits: Counter;
  readonly #misses: Counter;
  readonly #verified = new BoundedMap<string, Verified>(BEARER_CACHE_ENTRIES_MAX);

  constructor(options: TokenSignerOptions) {
    if (options.seed.byteLength !== SEED_BYTES) {
      throw new Error(`the seed of the signing key must have ${SEED_BYTES} bytes`);
    }
    this.#options = options;
    const { meter = NO_METER } = options;
    const cache = "bearer";
    this.#hits = meter.counter("moorage_cache_lookups_total", { cache, result: "hit" });
    this.#misses = meter.counter("moorage_cache_lookups_total", { cache, result: "miss" });
    const der = Buffer.concat([PKCS8_PREFIX, options.seed]);
    this.#privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    this.#publicKey = createPublicKey(this.#privateKey);
    const spki = this.#publicKey.export({ format: "der", type: "spki" });
    this.#keyId = createHash("sha256").update(spki).digest("base64url").slice(0, 16);
  }

  async sign(claims: BearerClaims, lifetimeSeconds: number): Promise<string> {
    const { issuer, audience, clock } = this.#options;
    const issuedAt = Math.floor(clock.now() / 1000);
    const { identity, credentialsMark } = claims;
    return new SignJWT({
      access: claims.grant.map(toAccess),
      ...(credentialsMark && { mark: credentialsMark }),
      ...(identity && { identity: { ...identity, claims: Object.fromEntries(identity.claims) } }),
    })
      .setProtectedHeader({ alg: ALGORITHM, typ: "JWT", kid: this.#keyId })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(claims.subject)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .setJti(randomUUID())
      .sign(this.#privateKey);
  }

  async verify(bearer: string, graceSeconds = 0): Promise<BearerClaims | undefined> {
    const name = hash("sha256", bearer, "base64url");
    const known = this.#verified.get(name);
    (known === undefined ? this.#misses : this.#hits).add();
    const verified = known ?? (await this.#check(bearer));
    if (verified === undefined) {
      return undefined;
    }
    this.#verified.set(name, verified);
    const isOver = verified.expiresAt + graceSeconds * 1000 <= this.#options.clock.now();
    return isOver ? undefined : verified.claims;
  }

  /** Checks everything but the expiry, which `verify` compares anew each time. */
  async #check(bearer: string): Promise<Verified | undefined> {
    const { issuer, audience } = this.#options;
    try {
      const { payload, protectedHeader } = await jwtVerify(bearer, this.#publicKey, {
        algorithms: [ALGORITHM],
        typ: "JWT",
        issuer,
        audience,
        requiredClaims: ["sub", "iat", "exp", "jti"],
        clockTolerance: BEARER_UPLOAD_GRACE_SECONDS,
        currentDate: new Date(this.#options.clock.now()),
      });
      const parsed = PAYLOAD.safeParse(payload);
      if (!parsed.success || protectedHeader.kid !== this.#keyId) {
        return undefined;
      }
      const { sub, access, exp, identity, mark } = parsed.data;
      const claims = {
        subject: sub,
        grant: access,
        ...(identity && { identity }),
        ...(mark && { credentialsMark: mark }),
      };
      return { claims, expiresAt: exp * 1000 };
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) {
        return undefined;
      }
      throw error;
    }
  }
}

/** A grant as it stands in a token: like the Docker token protocol's `access` claim, with the registry's id in addition. */
const ACCESS = z
  .object({
    type: z.enum(["repository", "registry"]),
    registry: z.string(),
    name: z.string(),
    actions: z.array(z.enum(ACTIONS)),
  })
  .transform(({ type, registry, name, actions }, context) => {
    const registryId = registry === "any" ? ("any" as const) : parseUuid<RegistryId>(registry);
    if (registryId === undefined) {
      context.addIssue("not a registry's id");
      return z.NEVER;
    }
    return { registryId, repository: type === "repository" ? name : undefined, actions };
  });

const IDENTITY = z
  .object({
    id: z.string(),
    issuer: z.string(),
    audience: z.string(),
    subject: z.string(),
    name: z.string(),
    claims: z.record(z.string(), z.array(z.string())),
    expiresAt: z.int(),
  })
  .transform(({ id: text, claims, ...facts }, context): Identity => {
    const id = parseUuid<UserId>(text);
    if (id === undefined) {
      context.addIssue("not an identity's id");
      return z.NEVER;
    }
    return { id, claims: new Map(Object.entries(claims)), ...facts };
  });

const PAYLOAD = z.object({
  sub: z.string(),
  exp: z.int(),
  access: z.array(ACCESS),
  identity: IDENTITY.optional(),
  mark: z.string().optional(),
});

function toAccess({ registryId, repository, actions }: Grant[number]): z.input<typeof ACCESS> {
  const type = repository === undefined ? "registry" : "repository";
  return { type, registry: registryId, name: repository ?? "catalog", actions: [...actions] };
}
