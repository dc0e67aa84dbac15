import assert from "node:assert/strict";
import type { ScopeId } from "../../../provider/server/src/domain/ids.ts";
import {
  ACTIONS,
  actionsAllow,
  type Scope,
  type ScopeType,
  scopeAllows,
  scopesAllowCatalog,
} from "../../../provider/server/src/domain/scope.ts";

function scope(type: ScopeType, name: string, actions: readonly string[]): Scope {
  return { id: "9b9b9b9b-0000-4000-8000-000000000001" as ScopeId, type, name, actions };
}

describe("a scope's actions", () => {
  for (const [actions, allowed] of [
    [["pull"], ["pull"]],
    [["push"], ["push"]],
    [["delete"], ["delete"]],
    [["list"], ["list"]],
    [["*"], ["pull", "push", "delete", "list"]],
    [["read"], ["pull"]],
    [["write"], ["push"]],
    [["admin"], ["delete"]],
    [
      ["read", "write"],
      ["pull", "push"],
    ],
    [["PULL", "constructor", "toString", "__proto__", ""], []],
    [[], []],
  ] as const) {
    it(`${JSON.stringify(actions)} allow ${allowed.join(", ") || "nothing"}`, () => {
      assert.deepEqual(
        ACTIONS.filter((action) => actionsAllow(actions, action)),
        allowed,
      );
    });
  }
});

describe("a scope of type repository", () => {
  for (const [pattern, covered, others] of [
    ["app", ["app"], ["apps", "ap", "team/app", "app/x"]],
    ["*", ["app", "team/app", "a/b/c"], []],
    ["team/*", ["team/app", "team/a/b"], ["team", "teams/app", "x/team/app"]],
    ["*/app", ["team/app", "a/b/app"], ["app", "team/apps"]],
    ["team/*/web", ["team/a/web", "team/a/b/web"], ["team/web", "team/a/web/x"]],
    ["a*b*c", ["abc", "axbxc", "aabbcc", "abcbc"], ["ab", "acb", "abcd"]],
    ["**", ["x", "x/y"], []],
    ["team/app*", ["team/app", "team/app-2", "team/app/x"], ["team/ap"]],
    ["", [], ["app"]],
    ["a.b", ["a.b"], ["axb"]],
    ["[a-z]+", [], ["app"]],
  ] as const) {
    it(`named ${JSON.stringify(pattern)} covers what matches and nothing else`, () => {
      const pull = scope("repository", pattern, ["pull"]);
      for (const name of covered) {
        assert.equal(scopeAllows(pull, name, "pull"), true, name);
        assert.equal(scopeAllows(pull, name, "push"), false, name);
      }
      for (const name of others) {
        assert.equal(scopeAllows(pull, name, "pull"), false, name);
      }
    });
  }

  it("is matched in no time however many stars it has", () => {
    const stars = scope("repository", "*a".repeat(120), ["pull"]);
    assert.equal(scopeAllows(stars, `${"a".repeat(119)}b`.repeat(2), "pull"), false);
  });
});

describe("a scope of type namespace", () => {
  it("covers the repositories below it, with or without the star", () => {
    for (const name of ["team", "team/*"]) {
      const pull = scope("namespace", name, ["pull"]);
      assert.equal(scopeAllows(pull, "team/app", "pull"), true);
      assert.equal(scopeAllows(pull, "team/a/b", "pull"), true);
      assert.equal(scopeAllows(pull, "team", "pull"), false);
      assert.equal(scopeAllows(pull, "teams/app", "pull"), false);
      assert.equal(scopeAllows(pull, "team/app", "delete"), false);
    }
    assert.equal(scopeAllows(scope("namespace", "*", ["pull"]), "app", "pull"), true);
  });
});

describe("a scope of type registry", () => {
  it("allows listing and nothing else, whatever its actions say", () => {
    const registry = scope("registry", "catalog", ["*"]);
    assert.deepEqual(
      ACTIONS.filter((action) => scopeAllows(registry, "app", action)),
      ["list"],
    );
  });

  it("or the action list of another scope lets a token ask for the catalog", () => {
    assert.equal(scopesAllowCatalog([scope("registry", "catalog", [])]), true);
    assert.equal(scopesAllowCatalog([scope("repository", "a", ["list"])]), true);
    assert.equal(scopesAllowCatalog([scope("repository", "a", ["*"])]), true);
    assert.equal(scopesAllowCatalog([scope("repository", "a", ["pull", "push", "delete"])]), false);
    assert.equal(scopesAllowCatalog([]), false);
  });
});
