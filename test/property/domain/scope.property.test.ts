import assert from "node:assert/strict";
import fc from "fast-check";
import type { ScopeId } from "../../../provider/server/src/domain/ids.ts";
import { type Scope, scopeAllows } from "../../../provider/server/src/domain/scope.ts";

const ID = "9b9b9b9b-0000-4000-8000-000000000001" as ScopeId;
const PATTERN = fc.string({ unit: fc.constantFrom(..."ab/*."), maxLength: 12 });
const NAME = fc.string({ unit: fc.constantFrom(..."ab/."), maxLength: 16 });

function pullFrom(name: string): Scope {
  return { id: ID, type: "repository", name, actions: ["pull"] };
}

/** The same question, put to a regular expression. */
function matchesByExpression(pattern: string, name: string): boolean {
  const escaped = pattern.replace(/[.]/g, "\\.").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`, "s").test(name);
}

describe("a scope's pattern", () => {
  it("matches what a star for any run of characters matches", () => {
    fc.assert(
      fc.property(PATTERN, NAME, (pattern, name) => {
        const expected = matchesByExpression(pattern, name);
        assert.equal(scopeAllows(pullFrom(pattern), name, "pull"), expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("without a star matches itself alone", () => {
    fc.assert(
      fc.property(NAME, NAME, (pattern, name) => {
        assert.equal(scopeAllows(pullFrom(pattern), name, "pull"), pattern === name);
      }),
    );
  });
});
