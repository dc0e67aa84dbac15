import assert from "node:assert/strict";
import { join } from "node:path";
import { printed, runProgram } from "../../support/command.ts";
import { DistributionClient } from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import { makeRegistry, makeToken, manage } from "../../support/management.ts";
import { expectServed, type PushedContent, pushContent } from "../../support/pushed-content.ts";
import { RunningServer } from "../../support/running-server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const PUSHERS = 3;

describe("a backup during a storm of pushes and deletions", function () {
  this.timeout(180_000);

  it("has every push that was acknowledged before it began, and is whole", async () => {
    const server = await RunningServer.start({ MOORAGE_WORKERS: "2" });
    const place = await temporaryDirectory();
    try {
      const registry = await makeRegistry(server.url, "shop");
      const credentials = await makeToken(server.url, registry, "ci");
      const client = new DistributionClient({ url: server.url, registry: "shop", credentials });
      const acknowledged: PushedContent[] = [];
      let isOver = false;
      const push = async (pusher: number) => {
        for (let count = 0; !isOver; count++) {
          acknowledged.push(await pushContent(client, `pusher-${pusher}/app-${count}`));
        }
      };
      // Registries that go take their bytes with them at once.
      const churn = async () => {
        for (let count = 0; !isOver; count++) {
          const name = `gone-${count}`;
          const made = await makeRegistry(server.url, name);
          const token = await makeToken(server.url, made, "ci");
          await pushContent(client.with({ registry: name, credentials: token }), "app");
          const answer = await manage(server.url, "DELETE", `/registries/${made.id}`);
          await answer.arrayBuffer();
        }
      };
      const storm = Promise.all([...Array.from({ length: PUSHERS }, (_, at) => push(at)), churn()]);
      const to = join(place.path, "backups");
      const settings = { MOORAGE_DATA_DIR: server.dataDir };
      let before: readonly PushedContent[] = [];
      try {
        for (const pushes of [PUSHERS, 2 * PUSHERS]) {
          await eventually("pushes", async () => acknowledged.length >= pushes || undefined);
          before = [...acknowledged];
          const taken = await runProgram(["backup", "--to", to, "--with-master-key"], settings);
          assert.equal(taken.code, 0, taken.errors);
        }
        const live = await runProgram(["verify"], settings);
        assert.equal(live.code, 0, live.output);
      } finally {
        isOver = true;
        await storm;
      }
      await server.kill("SIGKILL");
      const dataDir = join(place.path, "restored");
      const restored = await runProgram(["restore", "--from", to, "--data-dir", dataDir], {});
      assert.equal(restored.code, 0, restored.errors);
      const verified = await runProgram(["verify"], { MOORAGE_DATA_DIR: dataDir });
      assert.deepEqual([verified.code, printed(verified, "problems")], [0, "0"], verified.output);
      const successor = await RunningServer.start({ MOORAGE_DATA_DIR: dataDir });
      try {
        const again = client.with({ url: successor.url });
        for (const content of before) {
          await expectServed(again, content);
        }
      } finally {
        await successor.stop();
      }
    } finally {
      await server.stop();
      await place.remove();
    }
  });
});
