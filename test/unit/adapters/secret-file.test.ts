import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readOrCreateSecretFile } from "../../../provider/server/src/adapters/secret-file/secret-file.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

describe("a secret in a file", () => {
  let directory: { path: string; remove: () => Promise<void> };
  let path: string;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    path = join(directory.path, "secret");
  });
  afterEach(() => directory.remove());

  it("is made at the first start, for its owner alone, and found at the next", async () => {
    assert.equal(await readOrCreateSecretFile(path, () => "first"), "first");
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal(await readOrCreateSecretFile(path, () => "second"), "first");
    assert.deepEqual(await readdir(directory.path), ["secret"]);
  });

  it("is the same one for all who start at the same time", async () => {
    const started = Array.from({ length: 20 }, () => readOrCreateSecretFile(path, randomUUID));
    assert.equal(new Set(await Promise.all(started)).size, 1);
    assert.deepEqual(await readdir(directory.path), ["secret"]);
  });

  it("that somebody has emptied is not overwritten", async () => {
    await writeFile(path, "");
    assert.equal(await readOrCreateSecretFile(path, () => "new"), "");
    assert.equal((await stat(path)).size, 0);
  });
});
