import assert from "node:assert/strict";
import {
  type Decision,
  decideOnCatalog,
  decideOnRepository,
  type Grant,
  isListed,
  type Principal,
} from "../../../provider/server/src/domain/access.ts";
import type {
  OrganizationId,
  RegistryId,
  ScopeId,
  TokenId,
  UserId,
} from "../../../provider/server/src/domain/ids.ts";
import type { Visibility } from "../../../provider/server/src/domain/registry.ts";
import { ROLES, type Role } from "../../../provider/server/src/domain/role.ts";
import { ACTIONS, type Action } from "../../../provider/server/src/domain/scope.ts";

const OURS = "00000000-0000-4000-8000-00000000000a" as OrganizationId;
const THEIRS = "00000000-0000-4000-8000-00000000000b" as OrganizationId;
const SHOP = "00000000-0000-4000-8000-000000000001" as RegistryId;
const OTHER = "00000000-0000-4000-8000-000000000002" as RegistryId;

const registry = (visibility: Visibility, id = SHOP, organizationId = OURS) => ({
  id,
  name: "shop",
  organizationId,
  visibility,
});

const user = (role: Role, grant?: Grant): Principal => ({
  kind: "user",
  organizationId: OURS,
  userId: "00000000-0000-4000-8000-0000000000aa" as UserId,
  email: "a@b.example",
  role,
  grant,
});

const token = (name: string, actions: readonly string[], grant?: Grant): Principal => ({
  kind: "token",
  organizationId: OURS,
  registryId: SHOP,
  tokenId: "00000000-0000-4000-8000-0000000000bb" as TokenId,
  name: "ci",
  scopes: [
    {
      id: "00000000-0000-4000-8000-0000000000cc" as ScopeId,
      type: "repository",
      name,
      actions,
    },
  ],
  isOneTime: false,
  grant,
});

const workload = (
  name: string,
  scopes: readonly (readonly [registry: string, name: string, actions: readonly string[]])[],
  grant?: Grant,
): Principal => ({
  kind: "workload",
  organizationId: OURS,
  identity: {
    id: "00000000-0000-4000-8000-0000000000dd" as UserId,
    issuer: "https://ci.example.test",
    audience: "moorage",
    subject: name,
    name,
    claims: new Map(),
    expiresAt: 0,
  },
  scopesByRegistry: new Map(
    scopes.map(([on, pattern, actions]) => [on, [{ type: "repository", name: pattern, actions }]]),
  ),
  grant,
});

const anonymous: Principal = { kind: "anonymous" };

/** The decision on each action, in the order of ACTIONS: pull, push, delete, list. */
function decisions(
  principal: Principal,
  on: Parameters<typeof decideOnRepository>[1],
  repository = "team/app",
): Decision[] {
  return ACTIONS.map((action) => decideOnRepository(principal, on, repository, action));
}

describe("access to a repository", () => {
  const granted = "granted";
  const denied = "denied";
  const insufficient = "insufficient";
  const nothing: Decision[] = ["unauthenticated", "unauthenticated", "unauthenticated"];
  const everywhere = (decision: Decision): Decision[] => [decision, decision, decision, decision];
  const grantOf = (actions: readonly Action[], repository = "team/app", id = SHOP): Grant => [
    { registryId: id, repository, actions },
  ];

  it("is for nobody without credentials, except pulling from a public registry", () => {
    assert.deepEqual(decisions(anonymous, registry("private")), everywhere("unauthenticated"));
    assert.deepEqual(decisions(anonymous, registry("public")), [granted, ...nothing]);
    assert.deepEqual(decisions(anonymous, undefined), everywhere("unauthenticated"));
  });

  for (const role of ROLES) {
    it(`of the organization is what the role ${role} allows`, () => {
      const writes = role === "reader" ? denied : granted;
      const expected: Decision[] = [granted, writes, writes, granted];
      assert.deepEqual(decisions(user(role), registry("private")), expected);
    });

    it(`of another organization does not exist for the role ${role}`, () => {
      const theirs = registry("private", OTHER, THEIRS);
      assert.deepEqual(decisions(user(role), theirs), everywhere("invisible"));
      assert.deepEqual(decisions(user(role), undefined), everywhere("invisible"));
    });
  }

  it("is what a token's scopes say, as they stand now", () => {
    const pulls = decisions(token("team/*", ["pull"]), registry("private"));
    assert.deepEqual(pulls, [granted, denied, denied, denied]);
    const both = decisions(token("team/*", ["pull", "push"]), registry("private"));
    assert.deepEqual(both, [granted, granted, denied, denied]);
    assert.deepEqual(
      decisions(token("team/*", ["*"]), registry("private"), "shop/app"),
      everywhere(denied),
    );
  });

  it("of another registry does not exist for a token, even within its organization", () => {
    const other = registry("private", OTHER);
    assert.deepEqual(decisions(token("*", ["*"]), other), everywhere("invisible"));
    assert.deepEqual(decisions(token("*", ["*"]), undefined), everywhere("invisible"));
  });

  it("of a public registry is pulling for everybody, a stranger and a token without scopes too", () => {
    const open = registry("public", OTHER, THEIRS);
    assert.equal(decideOnRepository(user("reader"), open, "app", "pull"), granted);
    assert.equal(decideOnRepository(user("owner"), open, "app", "push"), "invisible");
    assert.equal(decideOnRepository(token("x", []), registry("public"), "app", "pull"), granted);
  });

  it("by bearer token is what it was issued for, and never more than its holder may", () => {
    const shop = registry("private");
    assert.deepEqual(decisions(user("owner", []), shop), everywhere(insufficient));
    assert.deepEqual(decisions(user("owner", grantOf(["pull"])), shop), [
      granted,
      insufficient,
      insufficient,
      insufficient,
    ]);
    assert.deepEqual(
      decisions(user("owner", grantOf(["pull"], "team/other")), shop),
      everywhere(insufficient),
    );
    assert.deepEqual(
      decisions(user("owner", grantOf(["pull"], "team/app", OTHER)), shop),
      everywhere(insufficient),
    );
    // Narrowed after the bearer token was issued: the scopes of now decide.
    assert.deepEqual(decisions(token("team/*", ["pull"], grantOf(["pull", "push"])), shop), [
      granted,
      denied,
      denied,
      denied,
    ]);
  });
});

describe("a pipeline's access", () => {
  const shop = registry("private");
  const pipeline = workload("acme", [["shop", "team/*", ["pull", "push"]]]);
  const invisible: Decision[] = ["invisible", "invisible", "invisible", "invisible"];

  it("is what the scopes of its rules say", () => {
    assert.deepEqual(decisions(pipeline, shop), ["granted", "granted", "denied", "denied"]);
    assert.equal(decideOnRepository(pipeline, shop, "other/app", "pull"), "denied");
  });

  it("is none to a registry that no rule is about, or that is of another organization now", () => {
    assert.deepEqual(decisions(pipeline, { ...shop, name: "other" }), invisible);
    assert.deepEqual(decisions(pipeline, registry("private", SHOP, THEIRS)), invisible);
    assert.deepEqual(decisions(pipeline, undefined), invisible);
    assert.equal(decideOnCatalog(pipeline, registry("private", SHOP, THEIRS)), "invisible");
  });

  it("by bearer token is what it was issued for", () => {
    const grant: Grant = [{ registryId: SHOP, repository: "team/app", actions: ["pull"] }];
    const holder = workload("acme", [["shop", "*", ["*"]]], grant);
    assert.equal(decideOnRepository(holder, shop, "team/app", "pull"), "granted");
    assert.equal(decideOnRepository(holder, shop, "team/app", "push"), "insufficient");
    assert.equal(decideOnRepository(holder, shop, "team/b", "pull"), "insufficient");
  });

  it("to a catalog is for those whose scopes say so", () => {
    const lister = workload("acme", [["shop", "team/*", ["list"]]]);
    assert.equal(decideOnCatalog(lister, shop), "granted");
    assert.equal(decideOnCatalog(pipeline, shop), "denied");
    assert.ok(isListed(lister, shop, "team/app"));
    assert.ok(!isListed(lister, shop, "other/app"));
    assert.ok(!isListed(lister, { name: "other" }, "team/app"));
  });
});

describe("access to the catalog", () => {
  const listing: Grant = [{ registryId: "any", actions: ["list"] }];
  const elsewhere: Grant = [{ registryId: OTHER, actions: ["list"] }];
  const pulling: Grant = [{ registryId: SHOP, repository: "team/app", actions: ["pull"] }];
  const shop = registry("private");

  const cases: readonly (readonly [string, Decision, Principal, typeof shop | undefined])[] = [
    ["anonymous, public", "unauthenticated", anonymous, registry("public")],
    ["a reader", "granted", user("reader"), shop],
    ["a stranger", "invisible", user("owner"), registry("private", OTHER, THEIRS)],
    ["nobody's registry", "invisible", user("owner"), undefined],
    ["a token that may list", "granted", token("*", ["list"]), shop],
    ["a token that may not", "denied", token("*", ["pull"]), shop],
    ["a token of another registry", "invisible", token("*", ["*"]), registry("private", OTHER)],
    ["a bearer token for the catalog", "granted", user("reader", listing), shop],
    ["a bearer token for another registry", "insufficient", user("reader", elsewhere), shop],
    ["a bearer token for a repository", "insufficient", user("reader", pulling), shop],
  ];
  for (const [who, decision, principal, on] of cases) {
    it(`is ${decision} for ${who}`, () => {
      assert.equal(decideOnCatalog(principal, on), decision);
    });
  }
});
