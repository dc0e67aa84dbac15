import assert from "node:assert/strict";
import {
  algorithmOf,
  digestOf,
  isDigest,
  parseDigest,
} from "../../../provider/server/src/domain/digest.ts";
import { assertRefuses } from "../../support/refusal.ts";

const SHA256 = `sha256:${"0123456789abcdef".repeat(4)}`;
const SHA512 = `sha512:${"0123456789abcdef".repeat(8)}`;

describe("a digest (image-spec 1.1, Digests)", () => {
  it("is sha256 or sha512 with all of its hexadecimal digits", () => {
    assert.equal(parseDigest(SHA256), SHA256);
    assert.equal(parseDigest(SHA512), SHA512);
    assert.equal(algorithmOf(parseDigest(SHA256)), "sha256");
    assert.equal(algorithmOf(parseDigest(SHA512)), "sha512");
  });

  it("is made from an algorithm and what its hash function computed", () => {
    assert.equal(digestOf("sha256", "0123456789abcdef".repeat(4)), SHA256);
    assertRefuses("digest-invalid", () => digestOf("sha512", "0123456789abcdef".repeat(4)));
  });

  for (const [what, text] of [
    ["nothing", ""],
    ["an algorithm alone", "sha256:"],
    ["an unregistered algorithm", `md5:${"0".repeat(32)}`],
    ["too few digits", SHA256.slice(0, -1)],
    ["too many digits", `${SHA256}0`],
    ["capitals", SHA256.toUpperCase()],
    ["capital digits", `sha256:${"ABCDEF0123456789".repeat(4)}`],
    ["the other algorithm's length", `sha512:${"0".repeat(64)}`],
    ["a letter that is no digit", `sha256:${"g".repeat(64)}`],
    ["a line end behind", `${SHA256}\n`],
    ["a space before", ` ${SHA256}`],
    ["a line of its own among others", `x\n${SHA256}`],
    ["a separator of another kind", SHA256.replace(":", "-")],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.equal(isDigest(text), false);
      assertRefuses("digest-invalid", () => parseDigest(text));
    });
  }
});
