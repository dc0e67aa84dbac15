import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shareDataDir } from "../../provider/server/src/compose/storage.ts";
import { verifyBackup, verifyDataDir } from "../../provider/server/src/compose/verification.ts";
import { readConfig } from "../../provider/server/src/config.ts";
import { killedWhen, runProgram } from "../support/command.ts";
import { someContent } from "../support/content.ts";
import { expectServed, type PushedContent, pushContent } from "../support/pushed-content.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";
import { RunningServer } from "../support/running-server.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const MORE_BLOBS = 12;
/** How many files there are when a command is killed: early, in between, late. */
const FILES = [1, 3, 8, 15, 18, 19];
const BACKUP = /^\d{8}T\d{9}Z$/;

describe("a command that is killed", function () {
  this.timeout(180_000);
  let under: RegistryUnderTest;
  let content: PushedContent;
  let place: { path: string; remove: () => Promise<void> };

  before(async () => {
    under = await startRegistry();
    place = await temporaryDirectory();
    const pushed = new Map(await pushContent(under.client, "app"));
    for (let blob = 0; blob < MORE_BLOBS; blob++) {
      const bytes = someContent(200_000);
      pushed.set(
        under.client.path("app", `blobs/${await under.client.pushBlob("app", bytes)}`),
        bytes,
      );
    }
    content = pushed;
  });
  after(async () => {
    await under.server.stop();
    await place.remove();
  });

  const settings = () => ({ MOORAGE_DATA_DIR: under.server.dataDir });
  const config = (dataDir = under.server.dataDir) => readConfig({ MOORAGE_DATA_DIR: dataDir });
  const backUp = (to: string) => ["backup", "--to", to];

  it("leaves backups that are whole or count for nothing, and the next one goes on", async () => {
    const target = join(place.path, "backups");
    let killed = 0;
    let unfinished = 0;
    for (const files of FILES) {
      const before = new Set(namesBelow(target));
      const isTime = () => namesBelow(target).filter((name) => !before.has(name)).length >= files;
      killed += Number(await killedWhen(isTime, backUp(target), settings()));
      const names = await readdir(target);
      unfinished += Number(names.some((name) => name.endsWith(".partial")));
      for (const name of names.filter((each) => BACKUP.test(each))) {
        const { files: verified } = await verifyBackup(config(), join(target, name), assert.fail);
        assert.equal(verified.problems, 0);
      }
      // What the next round is to copy anew.
      await rm(join(target, "blobs"), { recursive: true, force: true });
      for (const name of names.filter((each) => BACKUP.test(each))) {
        await rm(join(target, name), { recursive: true });
      }
    }
    assert.ok(killed >= 3 && unfinished >= 3, `${killed} killed, ${unfinished} before its end`);
    await expectServed(under.client, content);
    const whole = await runProgram(backUp(target), settings());
    assert.equal(whole.code, 0, whole.errors);
    assert.ok(!(await readdir(target)).some((name) => name.endsWith(".partial")));
    assert.equal((await verifyBackup(config(), target, assert.fail)).files.problems, 0);
    assert.equal((await verifyDataDir(config(), assert.fail)).problems, 0);
  });

  it("takes up the blobs that an unfinished backup has copied", async () => {
    const target = join(place.path, "resumed");
    const isTime = () => namesBelow(join(target, "blobs")).length >= 8;
    assert.ok(await killedWhen(isTime, backUp(target), settings()), "it was not killed");
    const { output } = await runProgram(backUp(target), settings());
    const [, blobs, newBlobs] = /^blobs: (\d+) \((\d+) new\)/m.exec(output) ?? [];
    assert.ok(Number(newBlobs) < Number(blobs), output);
  });

  it("leaves no directory that a server starts on before the restore is run again", async () => {
    const target = join(place.path, "backups");
    const dataDir = join(place.path, "restored");
    const restore = ["restore", "--from", target, "--data-dir", dataDir];
    const key = await readFile(join(under.server.dataDir, "master-key"));
    let unfinished = 0;
    for (const files of FILES) {
      const isTime = () => namesBelow(dataDir).length >= files;
      await killedWhen(isTime, restore, settings());
      if (namesBelow(dataDir).some((path) => path.endsWith("restore-is-not-finished"))) {
        unfinished++;
        await assert.rejects(verifyDataDir(config(dataDir), assert.fail), /restore|no metadata/);
        assert.throws(() => shareDataDir(dataDir), /holds a restore that did not finish/);
      }
      const isDone = namesBelow(dataDir).some((path) => path.endsWith("metadata.sqlite"));
      const again = await runProgram(restore, settings());
      assert.ok(again.code === 0 || (isDone && /is not empty/.test(again.errors)), again.errors);
      await writeFile(join(dataDir, "master-key"), key, { mode: 0o600 });
      assert.equal((await verifyDataDir(config(dataDir), assert.fail)).problems, 0);
      if (files !== FILES.at(-1)) {
        await rm(dataDir, { recursive: true });
      }
    }
    assert.ok(unfinished >= 3, `${unfinished} did not finish`);
    const restored = await RunningServer.start({ MOORAGE_DATA_DIR: dataDir });
    try {
      await expectServed(under.client.with({ url: restored.url }), content);
    } finally {
      await restored.stop();
    }
  });
});

/** Sees a directory that changes meanwhile as well as it can. */
function namesBelow(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
  } catch {
    return [];
  }
}
