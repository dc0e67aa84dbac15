import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { join, sep } from "node:path";
import { buffer } from "node:stream/consumers";
import { digestOf, someContent } from "../support/content.ts";
import {
  assertStatus,
  type DistributionClient,
  withDigest,
} from "../support/distribution-client.ts";
import { eventually } from "../support/eventually.ts";
import { basic } from "../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

const MIB = 1024 * 1024;
/** More than a connection's buffers hold, so that the server is not done before the client is. */
const SIZE = 48 * MIB;

describe("a server that is told to stop", function () {
  this.timeout(60_000);
  let under: RegistryUnderTest;
  let client: DistributionClient;

  beforeEach(async () => {
    under = await startRegistry();
    client = under.client;
  });
  afterEach(() => under.server.stop());

  /** Begins to pull a blob, and returns the answer with its body unread. */
  async function beginPull(digest: string): Promise<IncomingMessage> {
    const { hostname, port } = new URL(under.server.url);
    const path = client.path("app", `blobs/${digest}`);
    const headers = { authorization: basic(under.token) };
    const outgoing = request({ hostname, port, path, headers, agent: false });
    outgoing.end();
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    incoming.pause();
    return incoming;
  }

  async function untilRefused(): Promise<void> {
    await eventually("new connections to be refused", async () => {
      const answer = await client.send("GET", "/v2/").catch(() => undefined);
      return answer === undefined ? true : undefined;
    });
  }

  /** A request that the server has not read yet is one that it need not finish. */
  async function untilUnderWay(): Promise<void> {
    await eventually("the upload to have a file", async () => {
      const names = await readdir(join(under.server.dataDir, "blobs"), { recursive: true });
      return names.some((name) => name.split(sep).length === 3) ? true : undefined;
    });
  }

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`by ${signal} lets a pull finish, takes nothing new, and ends with 0`, async () => {
      const bytes = someContent(SIZE);
      const digest = await client.pushBlob("app", bytes);
      const pulling = await beginPull(digest);
      const ended = under.server.kill(signal);
      await untilRefused();
      assert.ok((await buffer(pulling)).equals(bytes));
      assert.equal(await ended, 0);
    });
  }

  it("lets a push finish, and has it when it is back", async () => {
    const bytes = someContent(2 * MIB);
    const location = await client.startUpload("app");
    let ended: Promise<number | null> | undefined;
    async function* halves() {
      yield bytes.subarray(0, MIB);
      await untilUnderWay();
      ended = under.server.kill("SIGTERM");
      await untilRefused();
      yield bytes.subarray(MIB);
    }
    const put = withDigest(location, digestOf(bytes));
    assertStatus(await client.send("PUT", put, { body: halves() }), 201);
    assert.equal(await ended, 0);
    await under.server.restart();
    const pulled = await client.ask("GET", "app", `blobs/${digestOf(bytes)}`);
    assert.ok(pulled.body.equals(bytes));
  });
});
