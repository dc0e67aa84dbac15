import { hash } from "node:crypto";
import { decodeJwt, errors, jwtVerify } from "jose";
import { BoundedMap } from "../../domain/bounded-map.ts";
import { RegistryError } from "../../domain/errors.ts";
import type { Identity } from "../../domain/identity.ts";
import type { IdentityProvider } from "../../domain/identity-provider.ts";
import { IDENTITY_CACHE_ENTRIES_MAX, IDENTITY_CLOCK_SKEW_SECONDS } from "../../domain/limits.ts";
import type { IdentityVerifier } from "../../ports/identity-verifier.ts";
import { audienceOf, identityOf } from "./identity-claims.ts";
import { ProviderKeys, type ProviderKeysOptions } from "./provider-keys.ts";

/** Signatures that nobody can make with what is public. Never `none`, never a shared secret (RFC 8725, sections 3.1 and 3.2). */
const ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];
/** Identity and access tokens (RFC 8725, section 3.11): not what the same provider signs for other ends, such as a logout. */
const TYPES = new Set(["jwt", "at+jwt"]);

interface Options extends Omit<ProviderKeysOptions, "issuer"> {
  readonly providers: readonly IdentityProvider[];
}

interface Issuer {
  readonly name: string;
  /** Several where one issuer serves several organizations, each with an audience of its own. */
  readonly providers: readonly IdentityProvider[];
  readonly keys: ProviderKeys;
}

interface Verified {
  readonly identity: Identity;
  readonly generation: number;
}

/**
 * Checks JWTs of OpenID Connect providers. Which provider is meant is read from the unverified claim `iss`; all else is then checked
 * against that provider alone, so that no issuer's key speaks for another one.
 */
export class OidcIdentityVerifier implements IdentityVerifier {
  readonly #options: Options;
  readonly #issuers: ReadonlyMap<string, Issuer>;
  readonly #verified = new BoundedMap<string, Verified>(IDENTITY_CACHE_ENTRIES_MAX);

  constructor(options: Options) {
    this.#options = options;
    const names = new Set(options.providers.map(({ issuer }) => issuer));
    this.#issuers = new Map(
      Array.from(names, (name) => {
        const providers = options.providers.filter(({ issuer }) => issuer === name);
        return [name, { name, providers, keys: new ProviderKeys({ ...options, issuer: name }) }];
      }),
    );
  }

  async verify(jwt: string): Promise<Identity | undefined> {
    const issuer = this.#issuers.get(unverifiedIssuer(jwt) ?? "");
    if (issuer === undefined) {
      return undefined;
    }
    await issuer.keys.refresh();
    const name = hash("sha256", jwt, "base64url");
    const known = this.#verified.get(name);
    if (known?.generation === issuer.keys.generation) {
      return known.identity;
    }
    // Of before the check: should the keys change meanwhile, it is made again.
    const { generation } = issuer.keys;
    const identity = await this.#check(issuer, jwt);
    this.#verified.set(name, { identity, generation });
    return identity;
  }

  async #check(issuer: Issuer, jwt: string): Promise<Identity> {
    const { clock } = this.#options;
    try {
      const { payload, protectedHeader } = await jwtVerify(jwt, issuer.keys.find, {
        algorithms: ALGORITHMS,
        issuer: issuer.name,
        audience: issuer.providers.flatMap(({ audiences }) => audiences),
        requiredClaims: ["sub", "exp"],
        clockTolerance: IDENTITY_CLOCK_SKEW_SECONDS,
        currentDate: new Date(clock.now()),
      });
      const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, "") ?? "jwt";
      if (!TYPES.has(type)) {
        return this.#refuse(issuer, "it is of another type than an identity or access token");
      }
      const provider = issuer.providers.find((each) => audienceOf(each, payload) !== undefined);
      const identity = provider && identityOf(provider, payload);
      return identity ?? this.#refuse(issuer, "its subject or its expiry cannot be used");
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) {
        return this.#refuse(issuer, error.message, error);
      }
      throw error;
    }
  }

  /** The caller learns that the credentials are wrong; why is for whoever runs the server. */
  #refuse({ name }: Issuer, problem: string, cause?: unknown): never {
    this.#options.events.info("identity-refused", { issuer: name, problem });
    throw new RegistryError("credentials-invalid", {}, { cause });
  }
}

function unverifiedIssuer(jwt: string): string | undefined {
  try {
    return decodeJwt(jwt).iss;
  } catch (error) {
    if (error instanceof errors.JWTInvalid) {
      return undefined;
    }
    throw error;
  }
}
