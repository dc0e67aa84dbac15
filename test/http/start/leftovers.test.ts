import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { clearLeftovers } from "../../support/leftovers.ts";
import { RunningServer } from "../../support/running-server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

describe("what tests leave behind", () => {
  it("is found and cleared away: directories, and servers that nobody stopped", async () => {
    const kept = await temporaryDirectory();
    const forgotten = await temporaryDirectory();
    const server = await RunningServer.start({ MOORAGE_WORKERS: "1" });
    await kept.remove();
    const mine = [kept, forgotten].map(({ path }) => `the directory ${path}`);
    mine.push(`the directory ${dirname(server.dataDir)}`, `a server, process ${server.pid}`);
    const found = await clearLeftovers((what) => mine.includes(what));
    assert.deepEqual(found.sort(), mine.slice(1).sort());
    assert.ok(!existsSync(forgotten.path));
    await assert.rejects(fetch(`${server.url}/readyz`));
    assert.deepEqual(await clearLeftovers((what) => mine.includes(what)), []);
  });
});
