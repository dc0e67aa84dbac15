import assert from "node:assert/strict";
import { sendAndHangUp } from "../../support/broken-upload.ts";
import { digestOf, someContent } from "../../support/content.ts";
import {
  assertStatus,
  type DistributionClient,
  withDigest,
} from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

const MIB = 1024 * 1024;
const BLOCK = 256 * 1024;

describe("an upload that broke off (Pushing a blob in chunks)", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;

  before(async () => {
    under = await startRegistry();
    client = under.client;
  });
  after(() => under.server.stop());

  /** How many bytes the session says that it has. */
  async function offsetOf(location: string): Promise<number> {
    const status = await client.send("GET", location);
    assertStatus(status, 204);
    const last = Number(/^0-(\d+)$/.exec(status.headers["range"] ?? "")?.[1]);
    return last === 0 ? 0 : last + 1;
  }

  /** The same, once the server is done with what it has begun with: an empty chunk waits for its turn. */
  async function settledOffsetOf(location: string): Promise<number> {
    assertStatus(await client.send("PATCH", location, { body: "" }), 202);
    return offsetOf(location);
  }

  /** Goes on from where the session is, as clients do, until all of it is there; and reads it back. */
  async function finish(location: string, bytes: Buffer): Promise<void> {
    const put = withDigest(location, digestOf(bytes));
    await eventually("the upload to be finished", async () => {
      const offset = await offsetOf(location);
      const headers = { "content-range": `${offset}-${bytes.length - 1}` };
      const answer = await client.send("PUT", put, { body: bytes.subarray(offset), headers });
      assert.ok(answer.status === 201 || answer.status === 416, `${answer.status}`);
      return answer.status === 201 ? true : undefined;
    });
    const pulled = await client.ask("GET", "app", `blobs/${digestOf(bytes)}`);
    assert.ok(pulled.body.equals(bytes));
  }

  for (const [what, sent, read] of [
    ["within its first block", 1000, 0],
    ["on a block's edge", 4 * BLOCK, 0],
    ["one byte behind a block's edge", 4 * BLOCK + 1, 0],
    // More than the sockets' buffers hold: so much has been read.
    ["in the middle of everything", 24 * MIB + 12_345, 8 * MIB],
  ] as const) {
    it(`${what} goes on where it stopped`, async () => {
      const bytes = someContent(sent + MIB);
      const location = await client.startUpload("app");
      await sendAndHangUp(client, "PATCH", location, bytes.subarray(0, sent), bytes.length);
      const offset = await settledOffsetOf(location);
      assert.ok(offset >= read && offset <= sent, `${offset} of ${sent} bytes`);
      await finish(location, bytes);
    });
  }

  it("in a PUT goes on as well", async () => {
    const bytes = someContent(2 * MIB);
    const location = await client.startUpload("app");
    const put = withDigest(location, digestOf(bytes));
    await sendAndHangUp(client, "PUT", put, bytes.subarray(0, MIB), bytes.length);
    assert.ok((await settledOffsetOf(location)) <= MIB);
    await finish(location, bytes);
  });

  it("again and again is put together right", async () => {
    const bytes = someContent(2 * MIB);
    const location = await client.startUpload("app");
    let offset = 0;
    for (const length of [2, 99_999, BLOCK, 2 * BLOCK - 1, 300_000, 64, 65_536]) {
      const part = bytes.subarray(offset, offset + length);
      const left = bytes.length - offset;
      await sendAndHangUp(client, "PATCH", location, part, left, offset);
      // Bytes that the server had not taken when the connection broke are lost, and it never said otherwise.
      const next = await settledOffsetOf(location);
      assert.ok(next >= offset && next < bytes.length, `${next} bytes after ${offset}`);
      offset = next;
    }
    await finish(location, bytes);
  });

  for (const [what, size] of [
    ["small", 5000],
    ["large", 3 * MIB + 77],
  ] as const) {
    it(`because the server was killed goes on after it is back, ${what} as it is`, async () => {
      const bytes = someContent(size + 100_000);
      const location = await client.startUpload("app");
      const chunk = bytes.subarray(0, size);
      assertStatus(await client.send("PATCH", location, { body: chunk }), 202);
      await under.server.kill("SIGKILL");
      await under.server.restart();
      assert.equal(await offsetOf(location), size, "what was acknowledged is there");
      await finish(location, bytes);
    });
  }

  it("in the middle of a request, because the server was killed, has whole what it reports", async () => {
    const bytes = someContent(8 * MIB);
    const location = await client.startUpload("app");
    const first = bytes.subarray(0, MIB);
    assertStatus(await client.send("PATCH", location, { body: first }), 202);
    const pending = client
      .send("PATCH", location, { body: slowly(bytes.subarray(MIB), under) })
      .catch(() => undefined);
    await pending;
    await under.server.restart();
    assert.ok((await offsetOf(location)) >= MIB, "what was acknowledged is there");
    await finish(location, bytes);
  });
});

/** Yields a part, and kills the server before the rest. */
async function* slowly(bytes: Buffer, { server }: RegistryUnderTest) {
  yield bytes.subarray(0, bytes.length / 2);
  await server.kill("SIGKILL");
  yield bytes.subarray(bytes.length / 2);
}
