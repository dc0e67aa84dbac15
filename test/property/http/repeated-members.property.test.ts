import assert from "node:assert/strict";
import fc from "fast-check";
import { hasRepeatedMember } from "../../../provider/server/src/http/management/repeated-members.ts";

/** Names that a scanner could take for something else. */
const name = fc.oneof(
  fc.string({ unit: "binary", maxLength: 4 }),
  fc.constantFrom('"', "\\", '\\"', ":", '":', "a", " ", "{", "\u2028"),
);
const space = fc.constantFrom("", " ", "\n\t", "\r\n  ");

describe("an object with two members of the same name", () => {
  it("is never seen where there is none, however the text is laid out", () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: "binary" }), fc.constantFrom(0, 1, 4), (json, indent) => {
        const value: unknown = JSON.parse(json);
        assert.equal(hasRepeatedMember(JSON.stringify(value, null, indent), value), false);
      }),
    );
  });

  it("is seen wherever it is", () => {
    fc.assert(
      fc.property(name, name, space, fc.jsonValue(), (twice, outer, gap, value) => {
        const [key, around] = [JSON.stringify(twice), JSON.stringify(outer)];
        const inner = `{${key}${gap}:${gap}${JSON.stringify(value)},${gap}${key}${gap}:1}`;
        for (const text of [inner, `[${inner}]`, `{${around}:[${inner}]}`]) {
          assert.equal(hasRepeatedMember(text, JSON.parse(text)), true, text);
        }
      }),
    );
  });

  it("is looked for in texts that are long or deep", () => {
    for (const text of [
      `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
      JSON.stringify("\\".repeat(1_000_000)),
      JSON.stringify(Array.from({ length: 100_000 }, (_, at) => at)),
    ]) {
      assert.equal(hasRepeatedMember(text, JSON.parse(text)), false);
    }
  });
});
