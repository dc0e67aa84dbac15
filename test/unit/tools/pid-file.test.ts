import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { findRunning, writePidFile } from "../../../tools/quickstart/pid-file.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

describe("the server's pid file", () => {
  let file: string;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    const directory = await temporaryDirectory();
    file = path.join(directory.path, "server.pid");
    remove = directory.remove;
  });
  afterEach(() => remove());

  it("tells the process that was written, and where it listens", async () => {
    await writePidFile(file, process.pid, "http://127.0.0.1:5000");
    const server = await findRunning(file);
    assert.equal(server?.pid, process.pid);
    assert.equal(server?.endpoint, "http://127.0.0.1:5000");
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it("tells nothing once the process has ended", async () => {
    const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    await once(child, "spawn");
    await writePidFile(file, child.pid ?? 0, "http://127.0.0.1:5000");
    assert.equal((await findRunning(file))?.pid, child.pid);
    child.stdin.end();
    await once(child, "close");
    assert.equal(await findRunning(file), undefined);
  });

  it("does not take another process of the same id for the server", async () => {
    await writePidFile(file, process.pid, "http://127.0.0.1:5000");
    const server = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ ...server, began: `${server.began}0` }));
    assert.equal(await findRunning(file), undefined);
  });

  it("tells nothing when it is missing, cut short, or somebody else's", async () => {
    assert.equal(await findRunning(file), undefined);
    for (const text of [
      "",
      `{"pid": 1`,
      `${process.pid}`,
      `{"pid": -1, "began": "", "endpoint": ""}`,
    ]) {
      await writeFile(file, text);
      assert.equal(await findRunning(file), undefined, text);
    }
  });
});
