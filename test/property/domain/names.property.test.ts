import assert from "node:assert/strict";
import fc from "fast-check";
import { isDigest, parseDigest } from "../../../provider/server/src/domain/digest.ts";
import {
  formatReference,
  isTag,
  parseReference,
} from "../../../provider/server/src/domain/reference.ts";
import {
  isRepositoryName,
  parseRepositoryName,
} from "../../../provider/server/src/domain/repository-name.ts";
import { refusalOf } from "../../support/refusal.ts";

const HEX = fc.constantFrom(..."0123456789abcdef");
const DIGEST = fc.oneof(
  fc.string({ unit: HEX, minLength: 64, maxLength: 64 }).map((hex) => `sha256:${hex}`),
  fc.string({ unit: HEX, minLength: 128, maxLength: 128 }).map((hex) => `sha512:${hex}`),
);
const TAG = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/);
const NAME = fc
  .stringMatching(/^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/)
  .filter((name) => name.length <= 255);
/** Text that nearly is one of them: their characters, in any order. */
const NEARLY = fc.string({ unit: fc.constantFrom(..."ab01:/._-%\nA ") });
const ANYTHING = fc.oneof(fc.string({ unit: "binary" }), NEARLY, DIGEST, TAG, NAME);

describe("names and references, whatever the text", () => {
  it("are refused in no other way than as a RegistryError", () => {
    fc.assert(
      fc.property(ANYTHING, (text) => {
        assert.equal(refusalOf(() => parseDigest(text)) === undefined, isDigest(text));
        assert.equal(
          refusalOf(() => parseRepositoryName(text)) === undefined,
          isRepositoryName(text),
        );
        assert.equal(
          refusalOf(() => parseReference(text)) === undefined,
          isTag(text) || isDigest(text),
        );
      }),
    );
  });

  it("are what the specification's grammar says", () => {
    fc.assert(fc.property(DIGEST, (text) => isDigest(text)));
    fc.assert(fc.property(TAG, (text) => isTag(text)));
    fc.assert(fc.property(NAME, (text) => isRepositoryName(text)));
  });

  it("come back as they were written", () => {
    fc.assert(
      fc.property(fc.oneof(DIGEST, TAG), (text) => {
        assert.equal(formatReference(parseReference(text)), text);
      }),
    );
  });

  it("stay one name when two are joined by a slash, as a path-addressed registry does", () => {
    fc.assert(
      fc.property(NAME, NAME, (one, other) => {
        const joined = `${one}/${other}`;
        assert.equal(isRepositoryName(joined), joined.length <= 255);
      }),
    );
  });
});
