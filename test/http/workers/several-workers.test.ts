import assert from "node:assert/strict";
import { digestOf, someContent } from "../../support/content.ts";
import {
  assertStatus,
  type DistributionClient,
  withDigest,
} from "../../support/distribution-client.ts";
import { manage } from "../../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";
import { RunningServer } from "../../support/running-server.ts";

const KIB = 1024;

/**
 * Two processes of two workers each, on one data directory. Each request goes over a connection of its own, so that it may meet any
 * worker of the process that it is sent to.
 */
describe("workers that share their data", () => {
  let under: RegistryUnderTest;
  let other: RunningServer;
  let here: DistributionClient;
  let there: DistributionClient;

  before(async () => {
    under = await startRegistry({ MOORAGE_WORKERS: "2" });
    other = await RunningServer.start({
      MOORAGE_DATA_DIR: under.server.dataDir,
      MOORAGE_WORKERS: "2",
    });
    here = under.client;
    there = here.with({ url: other.url });
  });
  after(async () => {
    await other.stop();
    await under.server.stop();
  });

  async function assertPulled(client: DistributionClient, bytes: Buffer): Promise<void> {
    const answer = await client.ask("GET", "app", `blobs/${digestOf(bytes)}`);
    assertStatus(answer, 200);
    assert.ok(answer.body.equals(bytes));
  }

  it("see at once that a tag has moved, wherever it was moved", async () => {
    for (let round = 0; round < 20; round++) {
      const [from, to] = round % 2 === 0 ? [here, there] : [there, here];
      const { digest } = await from.pushImage("app", "moving");
      const seen = await Promise.all(
        Array.from({ length: 4 }, () => to.ask("HEAD", "app", "manifests/moving")),
      );
      for (const answer of seen) {
        assert.equal(answer.headers["docker-content-digest"], digest);
      }
    }
  });

  it("refuse a token at once that was disabled elsewhere, and take it again at once", async () => {
    const path = `/registries/${under.registry.id}/tokens`;
    const listed = await (await manage(other.url, "GET", path)).json();
    const id = String(Object(listed).items[0].id);
    for (const status of ["disabled", "enabled", "disabled", "enabled"]) {
      const changed = await manage(other.url, "PATCH", `${path}/${id}`, { status });
      assert.equal(changed.status, 200);
      for (const client of [here, here, there, there]) {
        const answer = await client.send("GET", "/v2/");
        assertStatus(answer, status === "enabled" ? 200 : 401);
      }
    }
  });

  it("put a blob together from chunks that each of them took, and end it in any", async () => {
    const bytes = someContent(1500 * KIB);
    const location = await here.startUpload("app");
    const sizes = [1, 300 * KIB, 256 * KIB, 77, 512 * KIB];
    let offset = 0;
    for (const [index, size] of sizes.entries()) {
      const client = index % 2 === 0 ? there : here;
      const body = bytes.subarray(offset, offset + size);
      const headers = { "content-range": `${offset}-${offset + size - 1}` };
      assertStatus(await client.send("PATCH", location, { body, headers }), 202);
      offset += size;
    }
    const put = withDigest(location, digestOf(bytes));
    assertStatus(await there.send("PUT", put, { body: bytes.subarray(offset) }), 201);
    await assertPulled(here, bytes);
    await assertPulled(there, bytes);
  });

  it("let exactly one of several chunks for the same place in, and keep its bytes", async () => {
    const location = await here.startUpload("app");
    const first = someContent(300 * KIB);
    assertStatus(await here.send("PATCH", location, { body: first }), 202);
    const candidates = Array.from({ length: 6 }, () => someContent(400 * KIB));
    const answers = await Promise.all(
      candidates.map((body, index) => {
        const headers = { "content-range": `${first.length}-${first.length + body.length - 1}` };
        return (index % 2 === 0 ? here : there).send("PATCH", location, { body, headers });
      }),
    );
    const winners = candidates.filter((_, index) => answers[index]?.status === 202);
    assert.equal(winners.length, 1, answers.map(({ status }) => status).join(" "));
    const bytes = Buffer.concat([first, ...winners]);
    const put = withDigest(location, digestOf(bytes));
    assertStatus(await there.send("PUT", put, { body: "" }), 201);
    await assertPulled(here, bytes);
  });

  it("let an upload that several of them finish at once become one blob", async () => {
    for (const size of [1000, 700 * KIB]) {
      for (const isBegun of [false, true]) {
        const location = await here.startUpload("app");
        const head = isBegun ? someContent(size) : Buffer.alloc(0);
        if (isBegun) {
          assertStatus(await here.send("PATCH", location, { body: head }), 202);
        }
        const tails = Array.from({ length: 6 }, () => someContent(size));
        const answers = await Promise.all(
          tails.map((body, index) => {
            const put = withDigest(location, digestOf(Buffer.concat([head, body])));
            return (index % 2 === 0 ? here : there).send("PUT", put, { body });
          }),
        );
        const statuses = answers.map(({ status }) => status);
        assert.deepEqual(statuses.toSorted(), [201, 404, 404, 404, 404, 404]);
        for (const [index, tail] of tails.entries()) {
          const bytes = Buffer.concat([head, tail]);
          const found = await there.ask("HEAD", "app", `blobs/${digestOf(bytes)}`);
          assertStatus(found, statuses[index] === 201 ? 200 : 404);
        }
      }
    }
  });

  it("store content that is pushed everywhere at the same time once, and serve it everywhere", async () => {
    for (const size of [1000, 700 * KIB]) {
      const bytes = someContent(size);
      await Promise.all([here, there, here, there].map((client) => client.pushBlob("app", bytes)));
      await assertPulled(here, bytes);
      await assertPulled(there, bytes);
    }
  });
});
