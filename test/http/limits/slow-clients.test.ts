import assert from "node:assert/strict";
import { digestOf, someContent } from "../../support/content.ts";
import { assertStatus, withDigest } from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic } from "../../support/management.ts";
import { openFilesBelow } from "../../support/open-descriptors.ts";
import { head, RawConnection } from "../../support/raw-connection.ts";

/** Long enough for a machine that is busy with other things, short enough to wait for. */
const IDLE_MILLISECONDS = 1500;

describe("a client that is too slow", function () {
  this.timeout(60_000);
  let local: LocalRegistry;
  const open: RawConnection[] = [];

  before(async () => {
    local = await LocalRegistry.start({ limits: { idleMillisecondsMax: IDLE_MILLISECONDS } });
  });
  after(async () => {
    for (const connection of open) {
      connection.destroy();
    }
    await local.close();
  });

  const connect = async () => {
    const connection = await RawConnection.open(local.url);
    open.push(connection);
    return connection;
  };
  const beginChunk = async (announced: number) => {
    const location = await local.client.startUpload("app");
    const connection = await connect();
    connection.write(
      head("PATCH", location, {
        Authorization: basic(local.token),
        "Content-Length": announced,
      }),
    );
    return { location, connection };
  };

  it("is cut in the middle of a body, keeps what it sent, and hurts nobody", async () => {
    const bytes = someContent(1000);
    const { location, connection } = await beginChunk(bytes.byteLength);
    connection.write(bytes.subarray(0, 400));
    while (!connection.isClosed) {
      await local.client.pushBlob("other", someContent());
    }
    const status = await eventually("what came to be saved", async () => {
      const answer = await local.client.send("GET", location);
      return answer.headers["range"] === "0-399" ? answer : undefined;
    });
    assertStatus(status, 204);
    const rest = withDigest(location, digestOf(bytes));
    assertStatus(await local.client.send("PUT", rest, { body: bytes.subarray(400) }), 201);
  });

  it("is cut even if it sends a byte now and then", async () => {
    const { connection } = await beginChunk(1_000_000);
    const timer = setInterval(() => connection.write("x"), IDLE_MILLISECONDS / 20);
    try {
      await connection.untilClosed();
    } finally {
      clearInterval(timer);
    }
  });

  it("is not cut while its bytes keep coming, however long that takes", async () => {
    const size = 2_000_000;
    const { connection } = await beginChunk(size);
    const start = performance.now();
    let sent = 0;
    const step = Math.ceil(size / 30);
    while (sent < size) {
      connection.write(Buffer.alloc(Math.min(step, size - sent)));
      sent += Math.min(step, size - sent);
      // Paced by answers to others: 30 steps over more than two windows.
      const until = start + (sent / size) * 2.5 * IDLE_MILLISECONDS;
      await eventually("the next step's time", async () => performance.now() >= until || undefined);
    }
    assert.equal(await connection.status(), 202);
  });

  it("is cut in the middle of its headers", async () => {
    const connection = await connect();
    connection.write("GET /v2/ HTTP/1.1\r\nHost: x\r\n");
    const timer = setInterval(() => connection.write("X-More: 1\r\n"), IDLE_MILLISECONDS / 10);
    try {
      assert.match(await connection.untilClosed(), /^(HTTP\/1\.1 408 |$)/);
    } finally {
      clearInterval(timer);
    }
  });

  it("is cut when it takes no more of a blob", async () => {
    const bytes = someContent(32 * 1024 * 1024);
    const digest = await local.client.pushBlob("app", bytes);
    const connection = await connect();
    connection.pause();
    const path = local.client.path("app", `blobs/${digest}`);
    connection.write(head("GET", path, { Authorization: basic(local.token) }));
    const opened = () => openFilesBelow(`${local.dataDir}/blobs`);
    await eventually(
      "the blob to be opened",
      async () => (await opened()).length === 1 || undefined,
    );
    await eventually(
      "the blob to be closed",
      async () => (await opened()).length === 0 || undefined,
    );
  });
});
