import assert from "node:assert/strict";
import { parseRepositoryName } from "../../../provider/server/src/domain/repository-name.ts";
import { assertRefuses } from "../../support/refusal.ts";

describe("a repository's name (distribution-spec 1.1, Pulling manifests)", () => {
  for (const name of [
    "a",
    "0",
    "app",
    "team/app",
    "team/sub/group/app",
    "a.b",
    "a_b",
    "a__b",
    "a-b",
    "a---b",
    "a.b_c__d-e/f-1",
    "manifests/blobs/uploads/tags/list",
    "x".repeat(255),
    Array.from({ length: 128 }, () => "a").join("/"),
  ]) {
    it(`may be ${shortened(name)}`, () => {
      assert.equal(parseRepositoryName(name), name);
    });
  }

  for (const name of [
    "",
    "/",
    "/app",
    "app/",
    "team//app",
    "App",
    "-app",
    "app-",
    ".app",
    "app.",
    "_app",
    "a..b",
    "a___b",
    "a._b",
    "a-_b",
    "a b",
    "a\n",
    "a:b",
    "a@b",
    "ä",
    "..",
    "../etc/passwd",
    "a/../b",
    "a%2fb",
    "x".repeat(256),
  ]) {
    it(`is never ${shortened(name)}`, () => {
      assertRefuses("repository-name-invalid", () => parseRepositoryName(name));
    });
  }

  it("is refused at once when it is long and nearly right", () => {
    const name = `${"a".repeat(200)}${"-".repeat(50)}/`;
    assertRefuses("repository-name-invalid", () => parseRepositoryName(name));
    assertRefuses("repository-name-invalid", () => parseRepositoryName(name.repeat(10_000)));
  });
});

function shortened(name: string): string {
  const quoted = JSON.stringify(name);
  return quoted.length > 50 ? `${quoted.slice(0, 20)}… (${name.length} characters)` : quoted;
}
