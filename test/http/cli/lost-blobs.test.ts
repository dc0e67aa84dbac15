import assert from "node:assert/strict";
import { readdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { type CommandOutcome, printed, runProgram } from "../../support/command.ts";
import { filesBelow } from "../../support/data-files.ts";
import { pushContent } from "../../support/pushed-content.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const BACKUP = /^\d{8}T\d{9}Z$/;

describe("a backup of a data directory that has lost a blob", function () {
  this.timeout(60_000);
  let under: RegistryUnderTest;
  let place: { path: string; remove: () => Promise<void> };
  let target: string;
  let lost: string;

  before(async () => {
    under = await startRegistry();
    place = await temporaryDirectory();
    target = join(place.path, "backups");
    await pushContent(under.client, "app");
    [lost = ""] = await filesBelow(join(under.server.dataDir, "blobs"));
    await rename(lost, join(place.path, "kept"));
  });
  after(async () => {
    await under.server.stop();
    await place.remove();
  });

  const run = (...args: string[]): Promise<CommandOutcome> =>
    runProgram(args, { MOORAGE_DATA_DIR: under.server.dataDir });

  it("has all else, names the blob, keeps older backups, and ends with 3", async () => {
    for (let night = 1; night <= 2; night++) {
      const { code, output, errors } = await run("backup", "--to", target, "--keep", "1");
      assert.equal(code, 3, errors);
      const missing = output.split("\n").filter((line) => line.startsWith("missing: "));
      assert.match(
        missing.join("\n"),
        /^missing: registry shop: blob sha256:[0-9a-f]{64} \(file .+\)$/,
      );
      assert.ok(missing[0]?.includes(basename(lost)));
      assert.match(errors, /moorage: the backup is whole but for 1 blobs.*no older backup/);
      const names = (await readdir(target)).filter((name) => BACKUP.test(name));
      assert.equal(names.length, night);
    }
  });

  it("says so when it is verified, and when it is restored", async () => {
    const verified = await run("verify", "--backup", target);
    assert.equal(verified.code, 1);
    assert.match(printed(verified, "problem"), / has no bytes of 1 blobs: they were lost/);
    const dataDir = join(place.path, "restored");
    const restored = await run("restore", "--from", target, "--data-dir", dataDir);
    assert.equal(restored.code, 3, restored.errors);
    assert.match(restored.errors, /1 blobs were lost when it was made, and "moorage verify" names/);
    const { output } = await runProgram(["verify", "--data-dir", dataDir], {
      MOORAGE_MASTER_KEY_FILE: join(under.server.dataDir, "master-key"),
    });
    assert.equal(output.match(/^problem: /gm)?.length, 1, output);
  });

  it("is whole again when the blob is back, and then older ones go", async () => {
    await rename(join(place.path, "kept"), lost);
    const taken = await run("backup", "--to", target, "--keep", "1");
    assert.equal(taken.code, 0, taken.errors);
    assert.equal(printed(taken, "removed"), "2 older");
  });

  it("is whole where an earlier backup in the same place has the blob", async () => {
    await rm(lost);
    const taken = await run("backup", "--to", target);
    assert.equal(taken.code, 0, taken.errors);
    const dataDir = join(place.path, "mended");
    assert.equal((await run("restore", "--from", target, "--data-dir", dataDir)).code, 0);
    const verified = await runProgram(["verify", "--data-dir", dataDir], {
      MOORAGE_MASTER_KEY_FILE: join(under.server.dataDir, "master-key"),
    });
    assert.equal(verified.code, 0, verified.output);
  });
});
