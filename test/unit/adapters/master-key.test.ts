import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  makeMasterKey,
  parseMasterKey,
} from "../../../provider/server/src/adapters/key-vault-file/master-key.ts";

describe("a master key from a setting", () => {
  it("is 32 bytes in base64, with or without white space around them", () => {
    const key = randomBytes(32);
    const text = key.toString("base64");
    assert.deepEqual(parseMasterKey(text, "X"), key);
    assert.deepEqual(parseMasterKey(`  ${text}\n`, "X"), key);
  });

  it("that was made here is one", () => {
    assert.equal(parseMasterKey(makeMasterKey(), "X").byteLength, 32);
  });

  const wrong = [
    ["", "is empty"],
    ["not base64 at all!", "is not base64"],
    [randomBytes(16).toString("base64"), "has 16 bytes"],
    [randomBytes(32).toString("hex"), "has 48 bytes"],
  ] as const;
  for (const [text, problem] of wrong) {
    it(`that ${problem} is refused with what would be right, and is not repeated`, () => {
      assert.throws(
        () => parseMasterKey(text, "MOORAGE_MASTER_KEY"),
        (error: Error) =>
          error.message.startsWith(
            `the master key in MOORAGE_MASTER_KEY ${problem}; expected 32`,
          ) &&
          (text === "" || !error.message.includes(text)),
      );
    });
  }
});
