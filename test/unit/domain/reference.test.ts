import assert from "node:assert/strict";
import {
  formatReference,
  isTag,
  parseReference,
  parseTag,
} from "../../../provider/server/src/domain/reference.ts";
import { assertRefuses } from "../../support/refusal.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

describe("a reference (distribution-spec 1.1, Pulling manifests)", () => {
  for (const tag of ["a", "1", "_", "latest", "v1.2.3-rc.1_x", "A-Z", "x".repeat(128)]) {
    it(`takes ${tag.slice(0, 20)} for a tag`, () => {
      assert.deepEqual(parseReference(tag), { kind: "tag", tag });
      assert.equal(formatReference(parseReference(tag)), tag);
    });
  }

  for (const tag of ["", ".a", "-a", "a b", "a/b", "a\n", "ä", "a%", "x".repeat(129)]) {
    it(`refuses the tag ${JSON.stringify(tag.slice(0, 20))} of ${tag.length} characters`, () => {
      assert.equal(isTag(tag), false);
      assertRefuses("tag-invalid", () => parseTag(tag));
      assertRefuses("tag-invalid", () => parseReference(tag));
    });
  }

  it("tells a digest by its colon", () => {
    assert.deepEqual(parseReference(DIGEST), { kind: "digest", digest: DIGEST });
    assert.equal(formatReference(parseReference(DIGEST)), DIGEST);
    for (const text of ["sha256:", ":", "latest:", `md5:${"0".repeat(32)}`]) {
      assertRefuses("digest-invalid", () => parseReference(text), text);
    }
  });
});
