import assert from "node:assert/strict";
import { refusalsOf } from "@moorage/core/contract/refusals";
import { rotateRequest } from "@moorage/core/contract/rotate";
import { permittedActions, scopeRequest } from "@moorage/core/contract/scope";
import { tokenPatch, tokenRequest } from "@moorage/core/contract/token";
import type { z } from "zod";

function refused(schema: z.ZodType, body: unknown): string {
  const outcome = schema.safeParse(body);
  if (outcome.success) assert.fail(`accepted ${JSON.stringify(body)}`);
  return refusalsOf(outcome.error)
    .map(({ errorCode, message }) => `${errorCode}: ${message}`)
    .join("\n");
}
const named = (properties: object): unknown => ({ properties: { name: "ci", ...properties } });
const scope = (fields: object): object => ({
  type: "repository",
  name: "*",
  actions: ["pull"],
  ...fields,
});

describe("the contract of token requests", () => {
  it("fills in defaults", () => {
    assert.deepEqual(tokenRequest.parse(named({ expiryDate: null, scopes: null })).properties, {
      name: "ci",
      expiryDate: null,
      scopes: [],
      status: "enabled",
      oneTime: false,
      description: "",
    });
  });

  it("writes an expiry in UTC with a literal Z", () => {
    const expiries = { "2027-01-01T02:00:00+02:00": "2027-01-01T00:00:00Z" };
    for (const [given, expected] of Object.entries(expiries)) {
      assert.equal(
        tokenRequest.parse(named({ expiryDate: given })).properties.expiryDate,
        expected,
      );
    }
    assert.equal(tokenPatch.parse({ expiryDate: null }).expiryDate, null);
    assert.equal(tokenPatch.parse({}).expiryDate, undefined);
  });

  it("refuses times that no calendar has", () => {
    const times = [
      "2027-02-30T00:00:00Z",
      "2027-01-01",
      "2027-01-01T00:00:00",
      "2027-01-01T24:00:00Z",
      "9999-12-31T23:59:59-01:00",
      "+012027-01-01T00:00:00Z",
      "",
      Number.NaN,
      {},
      "2".repeat(1_000_000),
    ];
    for (const expiryDate of times) {
      assert.match(
        refused(tokenRequest, named({ expiryDate })),
        /^invalid-expiry-date: expiryDate must/,
      );
    }
  });

  it("refuses push without pull, in any of its words", () => {
    for (const actions of [["push"], ["write"], ["push", "delete"]]) {
      assert.match(
        refused(tokenRequest, named({ scopes: [scope({ actions })] })),
        /^push-needs-pull: /,
      );
    }
    for (const actions of [["push", "pull"], ["write", "read"], ["*"], ["pull"], [], null]) {
      assert.ok(tokenRequest.safeParse(named({ scopes: [scope({ actions })] })).success);
    }
  });

  it("says what would be right for every field", () => {
    const cases: [object, RegExp][] = [
      [{ name: "1" }, /^invalid-name: name must be 2 to 63/],
      [{ status: "off" }, /^invalid-status: status must be enabled or disabled/],
      [{ oneTime: 1 }, /^invalid-one-time: oneTime must be true or false/],
      [{ description: "x".repeat(257) }, /^invalid-description: .* at most 256 characters/],
      [{ scopes: {} }, /^invalid-scopes: scopes must be a list of at most 100/],
      [{ scopes: Array(101).fill(scope({})) }, /^invalid-scopes: .* at most 100/],
      [{ scopes: [scope({ type: "image" })] }, /scopes\[0\]\.type: type must be one of repository/],
      [{ scopes: [scope({ name: "" })] }, /scopes\[0\]\.name: name must be/],
      [{ scopes: [scope({ actions: ["fly"] })] }, /actions\[0\]: an action must be one of pull/],
      [{ scopes: [scope({ extra: 1 })] }, /^unknown-field: scopes\[0\]: a scope has the unknown/],
      [{ scopes: [null] }, /scopes\[0\]: a scope must be an object with type, name, actions/],
      [{ colour: 1 }, /^unknown-field: /],
    ];
    for (const [properties, expected] of cases) {
      assert.match(refused(tokenRequest, named(properties)), expected);
    }
  });

  it("drops a scope's id, which only answers have", () => {
    const parsed = scopeRequest.parse({ properties: scope({ id: "x" }) });
    assert.deepEqual(parsed.properties, scope({}));
  });

  it("knows the other words for actions", () => {
    assert.deepEqual([...permittedActions(["read", "write", "admin"])], ["pull", "push", "delete"]);
    assert.equal(permittedActions(["*"]).size, 4);
    assert.equal(permittedActions(null).size, 0);
  });

  it("bounds the grace period of a rotation", () => {
    assert.deepEqual(rotateRequest.parse({}), { gracePeriodSeconds: 0 });
    for (const gracePeriodSeconds of [-1, 604_801, 1.5, "1", null]) {
      assert.match(
        refused(rotateRequest, { gracePeriodSeconds }),
        /^invalid-grace-period-seconds: /,
      );
    }
  });
});
