import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  parseMasterKey,
  readOrCreateMasterKey,
} from "../../../provider/server/src/adapters/key-vault-file/master-key.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

describe("a master key from a setting", () => {
  it("is 32 bytes in base64, with or without white space around them", () => {
    const key = randomBytes(32);
    const text = key.toString("base64");
    assert.deepEqual(parseMasterKey(text, "X"), key);
    assert.deepEqual(parseMasterKey(`  ${text}\n`, "X"), key);
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

describe("a master key in a file", () => {
  let directory: { path: string; remove: () => Promise<void> };
  let path: string;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    path = join(directory.path, "data", "master-key");
  });
  afterEach(() => directory.remove());

  it("is made at the first start, for its owner alone, and found at the next", async () => {
    const key = await readOrCreateMasterKey(path);
    assert.equal(key.byteLength, 32);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(join(directory.path, "data"))).mode & 0o777, 0o700);
    assert.deepEqual(await readOrCreateMasterKey(path), key);
    assert.deepEqual(await readdir(join(directory.path, "data")), ["master-key"]);
  });

  it("is the same one for all who start at the same time", async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => readOrCreateMasterKey(path)));
    const distinct = new Set(keys.map((key) => Buffer.from(key).toString("hex")));
    assert.equal(distinct.size, 1);
    assert.deepEqual(await readdir(join(directory.path, "data")), ["master-key"]);
  });

  it("that is malformed is refused by the name of its file, and not overwritten", async () => {
    const broken = join(directory.path, "broken");
    await writeFile(broken, "");
    await assert.rejects(readOrCreateMasterKey(broken), {
      message: new RegExp(`the master key in the file ${broken} is empty`),
    });
    assert.equal((await stat(broken)).size, 0);
  });
});
