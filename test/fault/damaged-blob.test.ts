import assert from "node:assert/strict";
import { stat, truncate, unlink } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { someContent } from "../support/content.ts";
import { filesBelow, flipBit } from "../support/data-files.ts";
import { assertRefused, type DistributionClient } from "../support/distribution-client.ts";
import { eventually } from "../support/eventually.ts";
import { basic } from "../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

const BLOCK = 256 * 1024;
const SIZE = 5 * BLOCK + 100;

/** What came of an answer until it ended or was cut. */
interface Received {
  readonly status: number;
  readonly announced: number;
  readonly bytes: Buffer;
  readonly isCut: boolean;
}

describe("a blob whose file is damaged", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;

  before(async () => {
    under = await startRegistry();
    client = under.client;
  });
  after(() => under.server.stop());

  const blobFiles = () => filesBelow(join(under.server.dataDir, "blobs"));

  /** Pushes a blob, and finds the file that it became. */
  async function pushed(): Promise<{ bytes: Buffer; digest: string; file: string }> {
    const before = new Set(await blobFiles());
    const bytes = someContent(SIZE);
    const digest = await client.pushBlob("app", bytes);
    const [file, ...others] = (await blobFiles()).filter((path) => !before.has(path));
    assert.ok(file !== undefined && others.length === 0, "the blob is not one file");
    return { bytes, digest, file };
  }

  function receive(
    digest: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Received> {
    const { hostname, port } = new URL(under.server.url);
    const path = client.path("app", `blobs/${digest}`);
    const authorization = basic(under.token);
    return new Promise((resolve, reject) => {
      const outgoing = request({
        hostname,
        port,
        path,
        agent: false,
        headers: { authorization, ...headers },
      });
      outgoing.on("error", reject);
      outgoing.on("response", (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", () => {});
        incoming.on("close", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            announced: Number(incoming.headers["content-length"]),
            bytes: Buffer.concat(chunks),
            isCut: !incoming.complete,
          }),
        );
      });
      outgoing.end();
    });
  }

  /** The log is written behind. */
  async function untilLogged(digest: string): Promise<void> {
    await eventually("the log to name the digest", async () => {
      const lines = under.server.log.split("\n");
      return lines.find((line) => line.includes('"blob-read-failed"') && line.includes(digest));
    });
  }

  for (const [where, position] of [
    ["its second block", BLOCK + 1000],
    ["the middle", 3 * BLOCK],
    ["its last block", SIZE],
  ] as const) {
    it(`in ${where} is cut off before a wrong byte is sent, and is logged with its digest`, async () => {
      const { bytes, digest, file } = await pushed();
      await flipBit(file, position);
      const received = await receive(digest);
      assert.equal(received.status, 200);
      assert.equal(received.announced, SIZE);
      assert.equal(received.isCut, true, "the connection was not cut");
      assert.ok(received.bytes.length < SIZE);
      assert.ok(received.bytes.equals(bytes.subarray(0, received.bytes.length)), "a wrong byte");
      await untilLogged(digest);
    });
  }

  it("in its first block is an honest 500, with nothing of it", async () => {
    for (const position of [0, 40, 5000]) {
      const { digest, file } = await pushed();
      await flipBit(file, position);
      const answer = await client.ask("GET", "app", `blobs/${digest}`);
      assertRefused(answer, 500, "UNKNOWN");
      await untilLogged(digest);
    }
  });

  it("outside the range that is asked for is read there all the same", async () => {
    const { bytes, digest, file } = await pushed();
    await flipBit(file, 3 * BLOCK);
    const range = `bytes=${BLOCK}-${BLOCK + 999}`;
    const whole = await receive(digest, { range });
    assert.equal(whole.status, 206);
    assert.ok(whole.bytes.equals(bytes.subarray(BLOCK, BLOCK + 1000)));
  });

  it("because it was cut short, or is gone, never passes for whole", async () => {
    const short = await pushed();
    await truncate(short.file, (await stat(short.file)).size - 1);
    const received = await receive(short.digest);
    assert.equal(received.isCut, true);
    assert.ok(received.bytes.equals(short.bytes.subarray(0, received.bytes.length)));
    await untilLogged(short.digest);
    const gone = await pushed();
    await unlink(gone.file);
    assertRefused(await client.ask("GET", "app", `blobs/${gone.digest}`), 500, "UNKNOWN");
    await untilLogged(gone.digest);
  });

  it("does not keep the server from serving the others", async () => {
    const bad = await pushed();
    await flipBit(bad.file, 2 * BLOCK);
    const good = await pushed();
    const [cut, whole] = await Promise.all([receive(bad.digest), receive(good.digest)]);
    assert.equal(cut.isCut, true);
    assert.ok(whole.bytes.equals(good.bytes));
  });
});
