import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CommandOutcome, printed, runProgram } from "../../support/command.ts";
import { filesBelow, flipBit } from "../../support/data-files.ts";
import { freePort } from "../../support/free-port.ts";
import { expectServed, type PushedContent, pushContent } from "../../support/pushed-content.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

describe("a backup", function () {
  this.timeout(120_000);
  let under: RegistryUnderTest;
  let content: PushedContent;
  let place: { path: string; remove: () => Promise<void> };
  let target: string;

  before(async () => {
    under = await startRegistry();
    place = await temporaryDirectory();
    target = join(place.path, "backups");
    content = await pushContent(under.client, "app");
  });
  after(async () => {
    await under.server.stop();
    await place.remove();
  });

  const run = (...args: string[]): Promise<CommandOutcome> =>
    runProgram(args, { MOORAGE_DATA_DIR: under.server.dataDir });
  const backUp = async (...args: string[]): Promise<string> => {
    const taken = await run("backup", "--to", target, ...args);
    assert.equal(taken.code, 0, taken.errors);
    return printed(taken, "backup");
  };
  const masterKeyFile = () => join(under.server.dataDir, "master-key");

  it("that is taken while the server runs brings back everything, whatever was destroyed", async () => {
    const backup = await backUp();
    const key = await readFile(masterKeyFile(), "utf8");
    const { dataDir } = under.server;
    const disasters: (() => Promise<void>)[] = [
      () => rm(dataDir, { recursive: true }),
      () => truncate(join(dataDir, "metadata.sqlite"), 5000),
      async () => {
        for (const file of await filesBelow(join(dataDir, "blobs"))) {
          await flipBit(file, 1000);
        }
      },
      () => rm(join(dataDir, "blobs"), { recursive: true }),
    ];
    for (const strike of disasters) {
      await under.server.kill("SIGKILL");
      await strike();
      assert.equal((await run("verify")).code, 1);
      await rm(dataDir, { recursive: true, force: true });
      const restored = await run("restore", "--from", target);
      assert.equal(restored.code, 0, restored.errors);
      assert.equal(printed(restored, "restored"), backup);
      assert.match(restored.errors, /The backup has no master key/);
      await writeFile(masterKeyFile(), key, { mode: 0o600 });
      await under.server.restart();
      await expectServed(under.client, content);
      const verified = await run("verify");
      assert.deepEqual([verified.code, printed(verified, "problems")], [0, "0"], verified.output);
    }
  });

  it("copies only what is new, and shares the rest with those before it", async () => {
    const first = await backUp();
    const files = await filesBelow(join(target, "blobs"));
    const more = await pushContent(under.client, "more");
    const taken = await run("backup", "--to", target);
    assert.match(printed(taken, "blobs"), /\(3 new\)/);
    content = new Map([...content, ...more]);
    assert.equal((await filesBelow(join(target, "blobs"))).length, files.length + 3);
    for (const backup of [first, printed(taken, "backup")]) {
      const verified = await run("verify", "--backup", backup);
      assert.deepEqual([verified.code, printed(verified, "problems")], [0, "0"]);
    }
  });

  it("keeps the newest ones and what they need, when told how many", async () => {
    const kept = await backUp("--keep", "1");
    const names = (await readdir(target)).filter((name) => /^\d/.test(name));
    assert.deepEqual(
      names.map((name) => join(target, name)),
      [kept],
    );
    const verified = await run("verify", "--backup", target);
    assert.equal(verified.code, 0, verified.output);
  });

  it("has the master key when that is asked for, and its content can be verified then", async () => {
    const other = join(place.path, "with-key");
    assert.equal((await run("backup", "--to", other, "--with-master-key")).code, 0);
    const verified = await run("verify", "--backup", other);
    assert.equal(verified.code, 0, verified.errors);
    assert.match(printed(verified, "manifests"), /^\d+$/);
    const dataDir = join(place.path, "elsewhere");
    assert.equal((await run("restore", "--from", other, "--data-dir", dataDir)).code, 0);
    assert.equal((await run("verify", "--data-dir", dataDir)).code, 0);
    await under.server.kill("SIGTERM");
    await rm(under.server.dataDir, { recursive: true });
    assert.equal((await run("restore", "--from", other)).code, 0);
    await under.server.restart();
    await expectServed(under.client, content);
  });

  it("contains no byte of content in clear, and no upload that is under way", async () => {
    await under.client.startUpload("app");
    const backup = await backUp();
    const files = [...(await filesBelow(backup)), ...(await filesBelow(join(target, "blobs")))];
    assert.ok(!files.some((file) => file.endsWith("master-key")));
    const needles = [...content.values()].map((bytes) => bytes.subarray(0, 10));
    for (const file of files) {
      const bytes = await readFile(file);
      assert.ok(!needles.some((needle) => bytes.includes(needle)), file);
    }
  });

  it("with hard links needs no room for blobs, and restores as well", async () => {
    const linked = join(place.path, "linked");
    assert.equal((await run("backup", "--to", linked, "--hard-links")).code, 0);
    const verified = await run("verify", "--backup", linked);
    assert.equal(verified.code, 0, verified.output);
  });

  it("that did not finish counts for nothing and goes with the next", async () => {
    const partial = join(target, "20200101T000000000Z.partial");
    await mkdir(partial);
    await writeFile(join(partial, "metadata.sqlite"), "half");
    const refused = await run("restore", "--from", partial, "--data-dir", join(place.path, "no"));
    assert.equal(refused.code, 1);
    assert.match(refused.errors, /^moorage: .* is a backup that did not finish/);
    await backUp();
    assert.ok(!(await readdir(target)).some((name) => name.endsWith(".partial")));
  });

  it("is not restored into a directory that has something in it", async () => {
    const refused = await run("restore", "--from", target, "--data-dir", under.server.dataDir);
    assert.equal(refused.code, 1);
    assert.match(refused.errors, /^moorage: .* is not empty \(it has ".*"\); restore into/);
  });

  it("that is damaged is not restored, and what was restored so far starts no server", async () => {
    await backUp();
    const [file = ""] = await filesBelow(join(target, "blobs"));
    await flipBit(file, 500);
    const verified = await run("verify", "--backup", target);
    assert.equal(verified.code, 1);
    assert.ok(verified.output.includes(`problem: ${file} was altered`), verified.output);
    const dataDir = join(place.path, "half");
    const refused = await run("restore", "--from", target, "--data-dir", dataDir);
    assert.equal(refused.code, 1);
    assert.match(refused.errors, /^moorage: the backup is damaged: .* was altered/);
    const started = await runProgram(["serve"], {
      MOORAGE_DATA_DIR: dataDir,
      MOORAGE_LISTEN: `127.0.0.1:${await freePort()}`,
    });
    assert.equal(started.code, 1);
    assert.match(
      started.errors,
      /holds a restore that did not finish; run "moorage restore" again/,
    );
    await flipBit(file, 500);
    const again = await run("restore", "--from", target, "--data-dir", dataDir);
    assert.equal(again.code, 0, again.errors);
  });
});
