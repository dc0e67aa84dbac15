import type { Claims, Identity } from "./identity.ts";
import { IDENTITY_CLAIM_LENGTH_MAX, IDENTITY_CLAIM_VALUES_MAX } from "./limits.ts";
import { matchesPattern } from "./pattern.ts";
import { ROLES, type Role } from "./role.ts";
import type { ScopeRights } from "./scope.ts";

/** An issuer of JWTs that the server accepts from one organization's people and pipelines. */
export interface IdentityProvider {
  /** As it stands in the claim `iss`. */
  readonly issuer: string;
  /** What the claim `aud` must name: at least one of them. */
  readonly audiences: readonly string[];
  /** The contract number of the organization that they belong to. */
  readonly organization: number;
  /** The claim that says what a person is: its value, or one of its values, is a key of `roles`. */
  readonly roleClaim: string;
  readonly roles: ReadonlyMap<string, Role>;
  /** For people whose claims say nothing. */
  readonly defaultRole: Role | undefined;
  /** The claim that says what to call a person. */
  readonly emailClaim: string;
  readonly rules: readonly WorkloadRule[];
}

/** What a pipeline may do whose JWT has all of these claims. */
export interface WorkloadRule {
  /** Patterns by the name of the claim; `*` stands for any run of characters, within that claim alone. Never empty. */
  readonly claims: ReadonlyMap<string, string>;
  /** The name of a registry of the provider's organization. */
  readonly registry: string;
  readonly scopes: readonly ScopeRights[];
}

/** What an identity is here. */
export type Standing =
  | { readonly kind: "person"; readonly role: Role }
  | {
      readonly kind: "workload";
      readonly scopesByRegistry: ReadonlyMap<string, readonly ScopeRights[]>;
    };

/**
 * What claims make of their bearer. A role that they say comes first, the highest where they say several; then the rules, all that
 * match together; then the default role. `undefined`: nothing.
 */
export function standingOf(provider: IdentityProvider, claims: Claims): Standing | undefined {
  const said = new Set(
    valuesOf(claims, provider.roleClaim).map((value) => provider.roles.get(value)),
  );
  const role = ROLES.find((candidate) => said.has(candidate));
  if (role !== undefined) {
    return { kind: "person", role };
  }
  const scopesByRegistry = new Map<string, readonly ScopeRights[]>();
  for (const rule of provider.rules) {
    if (matchesRule(rule, claims)) {
      const sofar = scopesByRegistry.get(rule.registry) ?? [];
      scopesByRegistry.set(rule.registry, [...sofar, ...rule.scopes]);
    }
  }
  if (scopesByRegistry.size > 0) {
    return { kind: "workload", scopesByRegistry };
  }
  return provider.defaultRole && { kind: "person", role: provider.defaultRole };
}

/**
 * Those claims, and of each those values, that `standingOf` could ever look at: what a bearer token of ours has to carry so that its
 * holder can be judged anew. `claimOf` reads one claim of the JWT.
 */
export function claimsThatCount(
  provider: IdentityProvider,
  claimOf: (name: string) => readonly string[],
): Claims {
  const names = [provider.roleClaim, ...provider.rules.flatMap(({ claims }) => [...claims.keys()])];
  const kept = new Map<string, readonly string[]>();
  for (const name of new Set(names)) {
    const values = claimOf(name)
      .filter((value) => value.length <= IDENTITY_CLAIM_LENGTH_MAX)
      .filter((value) => counts(provider, name, value));
    if (values.length > 0) {
      kept.set(name, [...new Set(values)].slice(0, IDENTITY_CLAIM_VALUES_MAX));
    }
  }
  return kept;
}

/** The provider that vouches for an identity, if it is still one. */
export function providerOf(
  providers: readonly IdentityProvider[],
  { issuer, audience }: Pick<Identity, "issuer" | "audience">,
): IdentityProvider | undefined {
  return providers.find(
    (provider) => provider.issuer === issuer && provider.audiences.includes(audience),
  );
}

/** Where a provider may be asked: by HTTPS, so that nobody on the way can give out keys; on this machine also by HTTP. */
export function isProviderUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "" || url.hash !== "") {
    return false;
  }
  return url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function matchesRule({ claims: patterns }: WorkloadRule, claims: Claims): boolean {
  return (
    patterns.size > 0 &&
    [...patterns].every(([name, pattern]) =>
      valuesOf(claims, name).some((value) => matchesPattern(pattern, value)),
    )
  );
}

function counts({ roleClaim, roles, rules }: IdentityProvider, name: string, value: string) {
  return (
    (name === roleClaim && roles.has(value)) ||
    rules.some(({ claims }) => {
      const pattern = claims.get(name);
      return pattern !== undefined && matchesPattern(pattern, value);
    })
  );
}

function valuesOf(claims: Claims, name: string): readonly string[] {
  return claims.get(name) ?? [];
}
