import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { readConfig } from "../../../provider/server/src/config.ts";
import { startWorkers } from "../../../provider/server/src/workers/supervisor.ts";
import { eventually } from "../../support/eventually.ts";
import { freePort } from "../../support/free-port.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const DYING = join(import.meta.dirname, "../../support/dying-worker.ts");

describe("the supervisor of workers", () => {
  it("replaces a worker that dies, and stops its successor", async () => {
    const directory = await temporaryDirectory();
    try {
      const serving = await startWorkers(configOf(directory.path, await freePort()), DYING);
      await eventually("the second life", async () => {
        const lives = await readFile(join(directory.path, "lives"), "utf8");
        return lives.length > 1 ? true : undefined;
      });
      await serving.stop();
      assert.equal(await readFile(join(directory.path, "lives"), "utf8"), "xx");
    } finally {
      await directory.remove();
    }
  });

  it("starts nothing where somebody else listens", async () => {
    const directory = await temporaryDirectory();
    const port = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
    try {
      const config = configOf(directory.path, port);
      await assert.rejects(startWorkers(config, DYING), { code: "EADDRINUSE" });
      await assert.rejects(readFile(join(directory.path, "lives")), { code: "ENOENT" });
    } finally {
      other.close();
      await directory.remove();
    }
  });
});

function configOf(dataDir: string, port: number) {
  return readConfig({
    MOORAGE_DATA_DIR: dataDir,
    MOORAGE_LISTEN: `127.0.0.1:${port}`,
    MOORAGE_WORKERS: "1",
  });
}
