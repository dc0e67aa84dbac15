import assert from "node:assert/strict";
import type { Claims } from "../../../provider/server/src/domain/identity.ts";
import {
  claimsThatCount,
  isProviderUrl,
  providerOf,
  standingOf,
} from "../../../provider/server/src/domain/identity-provider.ts";
import { IDENTITY_CLAIM_LENGTH_MAX } from "../../../provider/server/src/domain/limits.ts";
import type { Role } from "../../../provider/server/src/domain/role.ts";
import { sampleProvider } from "../../support/identity-samples.ts";

const claims = (given: Readonly<Record<string, readonly string[]>>): Claims =>
  new Map(Object.entries(given));
const scope = (name: string) => ({ type: "repository" as const, name, actions: ["pull"] });
const rule = (patterns: Readonly<Record<string, string>>, registry = "shop", name = "*") => ({
  claims: new Map(Object.entries(patterns)),
  registry,
  scopes: [scope(name)],
});

describe("what an identity is here", () => {
  const roles = new Map<string, Role>([
    ["staff", "reader"],
    ["ops", "owner"],
    ["devs", "developer"],
  ]);
  const withRoles = sampleProvider({ roles });

  it("is the highest role that its claim says", () => {
    for (const [values, role] of [
      [["staff"], "reader"],
      [["staff", "devs", "unknown"], "developer"],
      [["devs", "ops", "staff"], "owner"],
    ] as const) {
      const standing = standingOf(withRoles, claims({ roles: values }));
      assert.deepEqual(standing, { kind: "person", role });
    }
  });

  it("is nothing by a value that differs, or by another claim", () => {
    for (const given of [
      {},
      { roles: [] },
      { roles: ["Staff", "staff ", "*"] },
      { role: ["ops"] },
    ]) {
      assert.equal(standingOf(withRoles, claims(given)), undefined);
    }
  });

  it("is the default role only where nothing else is said", () => {
    const provider = { ...withRoles, defaultRole: "reader" as const };
    assert.deepEqual(standingOf(provider, claims({})), { kind: "person", role: "reader" });
    const said = standingOf(provider, claims({ roles: ["devs"] }));
    assert.deepEqual(said, { kind: "person", role: "developer" });
  });

  it("is a pipeline with the scopes of all rules that match, by registry", () => {
    const provider = sampleProvider({
      rules: [
        rule({ repository: "acme/*" }, "base", "a"),
        rule({ repository: "acme/app", ref: "refs/heads/*" }, "shop", "b"),
        rule({ repository: "acme/app" }, "shop", "c"),
        rule({ repository: "acme/app", environment: "production" }, "shop", "d"),
      ],
    });
    const given = claims({ repository: ["acme/app"], ref: ["refs/heads/feature/x"] });
    assert.deepEqual(standingOf(provider, given), {
      kind: "workload",
      scopesByRegistry: new Map([
        ["base", [scope("a")]],
        ["shop", [scope("b"), scope("c")]],
      ]),
    });
  });

  it("is a person where a role is said, whatever rules match", () => {
    const provider = { ...withRoles, rules: [rule({ repository: "*p" })] };
    const given = claims({ roles: ["staff"], repository: ["app"] });
    assert.deepEqual(standingOf(provider, given), { kind: "person", role: "reader" });
  });

  it("is not settled by a rule without claims", () => {
    assert.equal(
      standingOf(sampleProvider({ rules: [rule({})] }), claims({ a: ["b"] })),
      undefined,
    );
  });

  it("is decided from few of its claims, and values that are too long are none of them", () => {
    const provider = { ...withRoles, rules: [rule({ repository: "acme/*" })] };
    const long = `acme/${"x".repeat(IDENTITY_CLAIM_LENGTH_MAX)}`;
    const given = claims({
      roles: ["staff", "others", "staff"],
      repository: ["acme/app", "evil/app", long],
      email: ["a@b.example"],
    });
    assert.deepEqual(
      claimsThatCount(provider, (name) => given.get(name) ?? []),
      claims({ roles: ["staff"], repository: ["acme/app"] }),
    );
  });
});

describe("the provider that vouches for an identity", () => {
  it("is the one with its issuer and its audience", () => {
    const ours = sampleProvider({ audiences: ["a", "b"] });
    const theirs = sampleProvider({ audiences: ["c"], organization: 2 });
    const { issuer } = ours;
    assert.equal(providerOf([ours, theirs], { issuer, audience: "b" }), ours);
    assert.equal(providerOf([ours, theirs], { issuer, audience: "c" }), theirs);
    assert.equal(providerOf([ours, theirs], { issuer, audience: "d" }), undefined);
    assert.equal(providerOf([ours], { issuer: `${issuer}/`, audience: "a" }), undefined);
  });

  it("is asked by HTTPS, on this machine also by HTTP", () => {
    for (const url of [
      "https://sso.example.test/realms/main",
      "http://127.0.0.1:8080",
      "http://localhost:5556/dex",
      "http://[::1]:80",
    ]) {
      assert.ok(isProviderUrl(url), url);
    }
    for (const url of [
      "http://sso.example.test",
      "http://127.0.0.1.example.test",
      "http://localhost.example.test",
      "https://user@sso.example.test",
      "https://sso.example.test#x",
      "ftp://127.0.0.1",
      "file:///etc/passwd",
      "sso.example.test",
      "",
    ]) {
      assert.ok(!isProviderUrl(url), url);
    }
  });
});
