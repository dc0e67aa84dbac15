import assert from "node:assert/strict";
import fc from "fast-check";
import type { JWTPayload } from "jose";
import {
  claimValues,
  identityOf,
} from "../../../provider/server/src/adapters/identity-oidc/identity-claims.ts";
import { sampleProvider } from "../../support/identity-samples.ts";

describe("the claims of a JWT", () => {
  const payload: object = JSON.parse(`{
    "one": "a",
    "several": ["a", "b", 3, true, null, {"c": "d"}, ["e"]],
    "number": 1.5,
    "truth": false,
    "nothing": null,
    "realm_access": {"roles": ["x", "y"]},
    "https://example.test/roles": ["z"],
    "a.b": "as it stands",
    "a": {"b": "by its path"},
    "__proto__": {"polluted": "yes"}
  }`);

  for (const [name, values] of [
    ["one", ["a"]],
    ["several", ["a", "b", "3", "true"]],
    ["number", ["1.5"]],
    ["truth", ["false"]],
    ["nothing", []],
    ["missing", []],
    ["realm_access.roles", ["x", "y"]],
    ["realm_access", []],
    ["realm_access.roles.0", []],
    ["https://example.test/roles", ["z"]],
    ["a.b", ["as it stands"]],
    ["constructor.name", []],
    ["polluted", []],
    ["one.length", []],
    ["", []],
  ] as const) {
    it(`have under ${JSON.stringify(name)} the values ${JSON.stringify(values)}`, () => {
      assert.deepEqual(claimValues(payload, name), values);
    });
  }

  it("make an identity or none, whatever they are", () => {
    const provider = sampleProvider({ roleClaim: "realm_access.roles" });
    const claim = fc.oneof(fc.anything(), fc.string(), fc.constant("moorage"));
    const claims = fc.record(
      { aud: claim, sub: claim, email: claim, realm_access: fc.record({ roles: claim }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(claims, fc.double(), (given, exp) => {
        const json: JWTPayload = JSON.parse(JSON.stringify({ ...given, exp }));
        const identity = identityOf(provider, json);
        assert.ok(identity === undefined || identity.subject.length > 0);
        assert.ok(identity === undefined || Number.isSafeInteger(identity.expiresAt));
      }),
      { numRuns: 1000 },
    );
  });
});
