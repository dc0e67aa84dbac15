import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sendAndHangUp } from "../../support/broken-upload.ts";
import { digestOf, someContent } from "../../support/content.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
  withDigest,
} from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

describe("an upload of which there is nothing but its id", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;

  before(async () => {
    under = await startRegistry();
    client = under.client;
  });
  after(() => under.server.stop());

  /** How many rows a table of the server's database has. */
  function rowsOf(table: "uploads" | "ended_uploads"): number {
    const path = join(under.server.dataDir, "metadata.sqlite");
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    try {
      return Number(database.prepare(`select count(*) as rows from ${table}`).get()?.["rows"]);
    } finally {
      database.close();
    }
  }

  async function assertOver(location: string): Promise<void> {
    for (const method of ["GET", "PATCH", "DELETE"]) {
      assertRefused(await client.send(method, location), 404, "BLOB_UPLOAD_UNKNOWN");
    }
    const bytes = someContent();
    const put = await client.send("PUT", withDigest(location, digestOf(bytes)), { body: bytes });
    assertRefused(put, 404, "BLOB_UPLOAD_UNKNOWN");
    assertStatus(await client.ask("HEAD", "app", `blobs/${digestOf(bytes)}`), 404);
  }

  it("is not in the database, and answers like any other", async () => {
    const location = await client.startUpload("app");
    const status = await client.send("GET", location);
    assertStatus(status, 204);
    assert.equal(status.headers["range"], "0-0");
    assert.equal(rowsOf("uploads"), 0);
  });

  it("outlives the server that gave it out", async () => {
    const bytes = someContent();
    const [whole, chunked] = [await client.startUpload("app"), await client.startUpload("app")];
    await under.server.kill("SIGKILL");
    await under.server.restart();
    const put = withDigest(whole, digestOf(bytes));
    assertStatus(await client.send("PUT", put, { body: bytes }), 201);
    assertStatus(await client.send("PATCH", chunked, { body: bytes }), 202);
    assertStatus(await client.send("DELETE", chunked), 204);
  });

  it("is over for good once it has become a blob", async () => {
    const bytes = someContent();
    const location = await client.startUpload("app");
    const put = withDigest(location, digestOf(bytes));
    assertStatus(await client.send("PUT", put, { body: bytes }), 201);
    await assertOver(location);
    await under.server.kill("SIGKILL");
    await under.server.restart();
    await assertOver(location);
    assert.equal(rowsOf("uploads"), 0);
  });

  it("is over for good once it was cancelled", async () => {
    const location = await client.startUpload("app");
    assertStatus(await client.send("DELETE", location), 204);
    await assertOver(location);
    await under.server.kill("SIGKILL");
    await under.server.restart();
    await assertOver(location);
  });

  it("is over for good once other content came than was announced", async () => {
    const bytes = someContent();
    const location = await client.startUpload("app");
    const put = withDigest(location, digestOf(someContent()));
    assertRefused(await client.send("PUT", put, { body: bytes }), 400, "DIGEST_INVALID");
    await assertOver(location);
  });

  it("becomes one blob when it is finished several times at once", async () => {
    const location = await client.startUpload("app");
    const candidates = Array.from({ length: 8 }, () => someContent());
    const answers = await Promise.all(
      candidates.map((body) => client.send("PUT", withDigest(location, digestOf(body)), { body })),
    );
    const statuses = answers.map(({ status }) => status);
    assert.deepEqual(statuses.toSorted(), [201, ...Array(7).fill(404)]);
    for (const [index, bytes] of candidates.entries()) {
      const head = await client.ask("HEAD", "app", `blobs/${digestOf(bytes)}`);
      assertStatus(head, statuses[index] === 201 ? 200 : 404);
    }
  });

  it("keeps what came of a small blob whose connection broke", async () => {
    const bytes = someContent(5000);
    const location = await client.startUpload("app");
    const put = withDigest(location, digestOf(bytes));
    await sendAndHangUp(client, "PUT", put, bytes.subarray(0, 2000), bytes.length);
    const offset = await eventually("the bytes to be kept", async () => {
      const status = await client.send("GET", location);
      return Number(status.headers["range"]?.split("-")[1]) || undefined;
    });
    const headers = { "content-range": `${offset + 1}-${bytes.length - 1}` };
    const body = bytes.subarray(offset + 1);
    assertStatus(await client.send("PUT", put, { body, headers }), 201);
    const pulled = await client.ask("GET", "app", `blobs/${digestOf(bytes)}`);
    assert.ok(pulled.body.equals(bytes));
  });

  it("is one of another registry or repository to nobody", async () => {
    const location = await client.startUpload("app");
    const id = location.split("/").at(-1);
    assertRefused(
      await client.ask("GET", "app2", `blobs/uploads/${id}`),
      404,
      "BLOB_UPLOAD_UNKNOWN",
    );
    const altered = id?.startsWith("A") ? `B${id.slice(1)}` : `A${id?.slice(1)}`;
    assertRefused(
      await client.ask("GET", "app", `blobs/uploads/${altered}`),
      404,
      "BLOB_UPLOAD_UNKNOWN",
    );
    assertStatus(await client.send("GET", location), 204);
  });
});
