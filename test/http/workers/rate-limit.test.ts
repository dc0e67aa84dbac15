import assert from "node:assert/strict";
import { TALLY_UNSHARED_PART_MAX } from "../../../provider/server/src/domain/limits.ts";
import { DistributionClient } from "../../support/distribution-client.ts";
import { makeRegistry, OWNER } from "../../support/management.ts";
import { RunningServer } from "../../support/running-server.ts";

const LIMIT = 100;

/** Each request goes over a connection of its own, so that it may meet any worker of the process that it is sent to. */
describe("the limit of requests, over workers and processes", () => {
  let server: RunningServer;
  let other: RunningServer;

  beforeEach(async () => {
    const settings = { MOORAGE_WORKERS: "2", MOORAGE_RATE_LIMIT: `${LIMIT}/10m` };
    server = await RunningServer.start(settings);
    other = await RunningServer.start({ ...settings, MOORAGE_DATA_DIR: server.dataDir });
  });
  afterEach(async () => {
    await other.stop();
    await server.stop();
  });

  async function publicImage(): Promise<DistributionClient> {
    await makeRegistry(server.url, "open", { visibility: "public" });
    const client = new DistributionClient({
      url: server.url,
      registry: "open",
      credentials: OWNER,
    });
    await client.pushImage("app", "1");
    return client.anonymous();
  }

  async function pulls(client: DistributionClient, count: number): Promise<number> {
    const answers = await Promise.all(
      Array.from({ length: count }, () => client.ask("HEAD", "app", "manifests/1")),
    );
    return answers.filter(({ status }) => status === 200).length;
  }

  it("is exact among the workers of a process, and known to another process that hears of an address later", async () => {
    const client = await publicImage();
    assert.equal(await pulls(client, 2 * LIMIT), LIMIT);
    assert.equal(await pulls(client.with({ url: other.url }), 20), 0);
  });

  it("lets little more through when two processes are asked at once", async () => {
    const client = await publicImage();
    const passed = await Promise.all([
      pulls(client, LIMIT),
      pulls(client.with({ url: other.url }), LIMIT),
    ]);
    const sum = passed.reduce((before, each) => before + each, 0);
    assert.ok(sum >= LIMIT && sum <= LIMIT * (1 + 2 * TALLY_UNSHARED_PART_MAX), `${passed}`);
  });
});
