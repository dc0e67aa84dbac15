import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { RunningServer } from "../../support/running-server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const MAIN = join(import.meta.dirname, "../../../provider/server/src/main.ts");

describe("the server's process", () => {
  it("has the settings of the C library that keep large buffers, and the same process id", async () => {
    const server = await RunningServer.start({ MOORAGE_WORKERS: "2" });
    try {
      const environment = await readFile(`/proc/${server.pid}/environ`, "utf8");
      assert.match(environment, /MALLOC_TRIM_THRESHOLD_=\d+/);
      assert.match(environment, /UV_THREADPOOL_SIZE=8/);
    } finally {
      await server.stop();
    }
  });

  it("does not share a port with another server that uses other data", async () => {
    const server = await RunningServer.start({ MOORAGE_WORKERS: "2" });
    const directory = await temporaryDirectory();
    try {
      const second = spawn(process.execPath, ["--conditions=@moorage/source", MAIN], {
        env: {
          PATH: process.env["PATH"],
          MOORAGE_LISTEN: server.host,
          MOORAGE_DATA_DIR: directory.path,
        },
      });
      const [said, [code]] = await Promise.all([text(second.stderr), once(second, "exit")]);
      assert.equal(code, 1);
      assert.match(said, /EADDRINUSE.*set MOORAGE_LISTEN to a free address/);
    } finally {
      await directory.remove();
      await server.stop();
    }
  });

  for (const workers of ["1", "3"]) {
    it(`with ${workers} workers ends on SIGTERM with 0, once requests under way are answered`, async () => {
      const server = await RunningServer.start({ MOORAGE_WORKERS: workers });
      try {
        const answers = Promise.all(
          Array.from({ length: 10 }, () => fetch(`${server.url}/readyz`).then(({ ok }) => ok)),
        );
        assert.deepEqual(new Set(await answers), new Set([true]));
        assert.equal(await server.kill("SIGTERM"), 0);
        assert.match(server.log, /"event":"stopped"/);
      } finally {
        await server.stop();
      }
    });
  }
});
