import assert from "node:assert/strict";
import fc from "fast-check";
import type { Claims } from "../../../provider/server/src/domain/identity.ts";
import {
  claimsThatCount,
  type IdentityProvider,
  standingOf,
} from "../../../provider/server/src/domain/identity-provider.ts";
import { ROLES } from "../../../provider/server/src/domain/role.ts";
import { sampleProvider } from "../../support/identity-samples.ts";

const NAME = fc.constantFrom("repository", "ref", "environment", "roles");
const VALUE = fc.string({ unit: fc.constantFrom(..."ab/:"), maxLength: 5 });
const PATTERN = fc.string({ unit: fc.constantFrom(..."ab/:*"), maxLength: 5 });

const CLAIMS: fc.Arbitrary<Claims> = fc
  .dictionary(NAME, fc.array(VALUE, { minLength: 1, maxLength: 3 }))
  .map((claims) => new Map(Object.entries(claims)));
const RULE = fc.record({
  claims: fc
    .dictionary(NAME, PATTERN, { minKeys: 1 })
    .map((patterns) => new Map(Object.entries(patterns))),
  registry: fc.constantFrom("one", "two"),
  scopes: fc.constant([{ type: "repository" as const, name: "*", actions: ["pull"] }]),
});
const PROVIDER: fc.Arbitrary<IdentityProvider> = fc
  .record({
    roles: fc.array(fc.tuple(VALUE, fc.constantFrom(...ROLES)), { maxLength: 2 }),
    rules: fc.array(RULE, { maxLength: 3 }),
  })
  .map(({ roles, rules }) => sampleProvider({ roles: new Map(roles), rules }));

/** The same question, put to a regular expression for each claim. */
function matchesByExpression(patterns: ReadonlyMap<string, string>, claims: Claims): boolean {
  return [...patterns].every(([name, pattern]) => {
    const expression = new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "s");
    return (claims.get(name) ?? []).some((value) => expression.test(value));
  });
}

describe("a rule for pipelines", () => {
  it("matches when each of its patterns matches a value of that very claim", () => {
    fc.assert(
      fc.property(RULE, CLAIMS, (rule, claims) => {
        const standing = standingOf(sampleProvider({ rules: [rule] }), claims);
        assert.equal(standing !== undefined, matchesByExpression(rule.claims, claims));
      }),
      { numRuns: 2000 },
    );
  });

  it("is not moved by claims that it does not name", () => {
    fc.assert(
      fc.property(RULE, CLAIMS, fc.array(VALUE), (rule, claims, values) => {
        const provider = sampleProvider({ rules: [rule] });
        const more = new Map(claims);
        for (const name of ["repository", "ref", "environment", "roles"]) {
          if (!rule.claims.has(name)) {
            more.set(name, values);
          }
        }
        assert.deepEqual(standingOf(provider, more), standingOf(provider, claims));
      }),
    );
  });

  it("never matches for fewer claims what it does not match for all of them", () => {
    fc.assert(
      fc.property(RULE, CLAIMS, NAME, (rule, claims, dropped) => {
        const provider = sampleProvider({ rules: [rule] });
        const fewer = new Map([...claims].filter(([name]) => name !== dropped));
        if (standingOf(provider, fewer) !== undefined) {
          assert.ok(standingOf(provider, claims) !== undefined);
        }
      }),
    );
  });
});

describe("the claims that a bearer token carries", () => {
  it("are enough to decide as all claims do", () => {
    fc.assert(
      fc.property(PROVIDER, CLAIMS, (provider, claims) => {
        const kept = claimsThatCount(provider, (name) => claims.get(name) ?? []);
        assert.deepEqual(standingOf(provider, kept), standingOf(provider, claims));
      }),
      { numRuns: 1000 },
    );
  });

  it("never give more under other settings than all claims would", () => {
    fc.assert(
      fc.property(PROVIDER, RULE, CLAIMS, (issuedUnder, rule, claims) => {
        const kept = claimsThatCount(issuedUnder, (name) => claims.get(name) ?? []);
        const judgedUnder = sampleProvider({ rules: [rule] });
        if (standingOf(judgedUnder, kept) !== undefined) {
          assert.ok(standingOf(judgedUnder, claims) !== undefined);
        }
      }),
    );
  });
});
