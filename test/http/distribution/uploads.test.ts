import assert from "node:assert/strict";
import { digestOf, someContent, UNKNOWN_DIGEST } from "../../support/content.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
  locationOf,
  withDigest,
} from "../../support/distribution-client.ts";
import { type Answer, jsonOf } from "../../support/http-request.ts";
import { makeToken } from "../../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

describe("pushing a blob", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;

  before(async () => {
    under = await startRegistry();
    client = under.client;
  });
  after(() => under.server.stop());

  async function assertHas(bytes: Uint8Array, digest = digestOf(bytes)): Promise<void> {
    const answer = await client.ask("GET", "app", `blobs/${digest}`);
    assertStatus(answer, 200);
    assert.ok(answer.body.equals(bytes), "the bytes are not those that were pushed");
  }

  async function assertHasNot(bytes: Uint8Array): Promise<void> {
    assertStatus(await client.ask("HEAD", "app", `blobs/${digestOf(bytes)}`), 404);
  }

  function patch(location: string, bytes: Uint8Array, range?: string): Promise<Answer> {
    const headers = {
      "content-type": "application/octet-stream",
      ...(range !== undefined && { "content-range": range }),
    };
    return client.send("PATCH", location, { body: bytes, headers });
  }

  function assertSession(answer: Answer, status: number, range: string): string {
    assertStatus(answer, status);
    assert.equal(answer.headers["range"], range);
    const location = locationOf(answer);
    assert.match(location, /^\/v2\/shop\/app\/blobs\/uploads\/[A-Za-z0-9_-]{16,}$/);
    assert.equal(answer.headers["docker-upload-uuid"], location.split("/").at(-1));
    assert.equal(answer.body.length, 0);
    return location;
  }

  function assertCreated(answer: Answer, digest: string): void {
    assertStatus(answer, 201);
    assert.equal(locationOf(answer), `/v2/shop/app/blobs/${digest}`);
    assert.equal(answer.headers["docker-content-digest"], digest);
  }

  it("by POST then PUT starts a session and ends it with the digest (POST then PUT)", async () => {
    const bytes = someContent();
    const started = await client.ask("POST", "app", "blobs/uploads/", {
      headers: { "content-length": 0 },
    });
    const location = assertSession(started, 202, "0-0");
    const headers = { "content-type": "application/octet-stream" };
    const put = await client.send("PUT", withDigest(location, digestOf(bytes)), {
      body: bytes,
      headers,
    });
    assertCreated(put, digestOf(bytes));
    await assertHas(bytes);
    assertRefused(await client.send("GET", location), 404, "BLOB_UPLOAD_UNKNOWN");
  });

  it("by a single POST needs no session (Single POST)", async () => {
    const bytes = someContent();
    const rest = `blobs/uploads/?digest=${encodeURIComponent(digestOf(bytes))}`;
    assertCreated(await client.ask("POST", "app", rest, { body: bytes }), digestOf(bytes));
    await assertHas(bytes);
  });

  it("without a slash behind uploads does the same", async () => {
    const bytes = someContent();
    const rest = `blobs/uploads?digest=${digestOf(bytes)}`;
    assertCreated(await client.ask("POST", "app", rest, { body: bytes }), digestOf(bytes));
  });

  it("as a stream of unknown length works too", async () => {
    const bytes = someContent(300_000);
    async function* pieces() {
      for (let at = 0; at < bytes.length; at += 7001) {
        yield bytes.subarray(at, at + 7001);
      }
    }
    const location = await client.startUpload("app");
    const put = await client.send("PUT", withDigest(location, digestOf(bytes)), { body: pieces() });
    assertCreated(put, digestOf(bytes));
    await assertHas(bytes);
  });

  it("in chunks reports each time how far it is (Pushing a blob in chunks)", async () => {
    const bytes = someContent(1000);
    const location = await client.startUpload("app");
    const first = await patch(location, bytes.subarray(0, 400), "0-399");
    const next = assertSession(first, 202, "0-399");
    assertSession(await client.send("GET", next), 204, "0-399");
    assertSession(await patch(next, bytes.subarray(400, 600), "400-599"), 202, "0-599");
    const headers = { "content-range": "600-999" };
    const last = await client.send("PUT", withDigest(next, digestOf(bytes)), {
      body: bytes.subarray(600),
      headers,
    });
    assertCreated(last, digestOf(bytes));
    await assertHas(bytes);
  });

  it("in chunks may end with a PUT without a body", async () => {
    const bytes = someContent(500);
    const location = await client.startUpload("app");
    await patch(location, bytes, "0-499");
    assertCreated(await client.send("PUT", withDigest(location, digestOf(bytes))), digestOf(bytes));
    await assertHas(bytes);
  });

  it("in a PATCH without Content-Range appends to what is there, as docker does", async () => {
    const bytes = someContent(500);
    const location = await client.startUpload("app");
    assertSession(await patch(location, bytes.subarray(0, 200)), 202, "0-199");
    assertSession(await patch(location, bytes.subarray(200)), 202, "0-499");
    assertCreated(await client.send("PUT", withDigest(location, digestOf(bytes))), digestOf(bytes));
  });

  for (const [what, range] of [
    ["leaves a gap", "300-399"],
    ["begins before the end", "100-199"],
    ["begins anew", "0-99"],
  ] as const) {
    it(`answers 416 with the offset when a chunk ${what}, and keeps the session`, async () => {
      const bytes = someContent(300);
      const location = await client.startUpload("app");
      await patch(location, bytes.subarray(0, 200), "0-199");
      const refused = await patch(location, bytes.subarray(200), range);
      assertRefused(refused, 416, "BLOB_UPLOAD_INVALID");
      assert.equal(refused.headers["range"], "0-199");
      assertSession(await patch(location, bytes.subarray(200), "200-299"), 202, "0-299");
      assertCreated(
        await client.send("PUT", withDigest(location, digestOf(bytes))),
        digestOf(bytes),
      );
      await assertHas(bytes);
    });
  }

  it("refuses a last chunk that leaves a gap, too", async () => {
    const bytes = someContent(300);
    const location = await client.startUpload("app");
    await patch(location, bytes.subarray(0, 200), "0-199");
    const headers = { "content-range": "201-299" };
    const refused = await client.send("PUT", withDigest(location, digestOf(bytes)), {
      body: bytes.subarray(201),
      headers,
    });
    assertRefused(refused, 416, "BLOB_UPLOAD_INVALID");
    assert.equal(refused.headers["range"], "0-199");
    await assertHasNot(bytes);
  });

  it("refuses a chunk whose length is not what its Content-Range says", async () => {
    const location = await client.startUpload("app");
    assertRefused(await patch(location, someContent(100), "0-49"), 400, "SIZE_INVALID");
    assertSession(await client.send("GET", location), 204, "0-0");
  });

  for (const range of ["x", "5-1", "bytes", "0-99,100-199", "-5"]) {
    it(`refuses the Content-Range ${JSON.stringify(range)}`, async () => {
      const location = await client.startUpload("app");
      assertRefused(await patch(location, someContent(100), range), 400, "BLOB_UPLOAD_INVALID");
    });
  }

  it("refuses content that has another digest, keeps none of it, and ends the session", async () => {
    const bytes = someContent();
    for (const digest of [UNKNOWN_DIGEST, `sha512:${"0".repeat(128)}`]) {
      const location = await client.startUpload("app");
      const answer = await client.send("PUT", withDigest(location, digest), { body: bytes });
      assertRefused(answer, 400, "DIGEST_INVALID");
      assertRefused(await client.send("GET", location), 404, "BLOB_UPLOAD_UNKNOWN");
      assertStatus(await client.ask("HEAD", "app", `blobs/${digest}`), 404);
    }
    await assertHasNot(bytes);
  });

  it("refuses a digest that is none, or is missing, and keeps the session", async () => {
    const location = await client.startUpload("app");
    for (const query of ["", "?digest=", "?digest=sha256:00", "?digest=md5:00", "?digest=%00"]) {
      assertRefused(await client.send("PUT", location + query), 400, "DIGEST_INVALID");
    }
    assertSession(await client.send("GET", location), 204, "0-0");
    assertRefused(
      await client.ask("POST", "app", "blobs/uploads/?digest=latest", { body: "x" }),
      400,
      "DIGEST_INVALID",
    );
  });

  it("takes sha512, in one piece and in chunks", async () => {
    const bytes = someContent(300_000);
    const digest = await client.pushBlob("app", bytes, "sha512");
    await assertHas(bytes, digest);
    const other = someContent(300_000);
    const location = await client.startUpload("app");
    await patch(location, other.subarray(0, 100_000), "0-99999");
    await patch(location, other.subarray(100_000), "100000-299999");
    const put = await client.send("PUT", withDigest(location, digestOf(other, "sha512")));
    assertCreated(put, digestOf(other, "sha512"));
    await assertHas(other, digestOf(other, "sha512"));
  });

  it("is cancelled by DELETE, and then there is nothing", async () => {
    const bytes = someContent(300_000);
    const location = await client.startUpload("app");
    await patch(location, bytes);
    const cancelled = await client.send("DELETE", location);
    assertStatus(cancelled, 204);
    for (const method of ["GET", "PATCH", "DELETE"]) {
      assertRefused(await client.send(method, location), 404, "BLOB_UPLOAD_UNKNOWN");
    }
    const put = await client.send("PUT", withDigest(location, digestOf(bytes)), { body: bytes });
    assertRefused(put, 404, "BLOB_UPLOAD_UNKNOWN");
    await assertHasNot(bytes);
  });

  it("goes on for whoever began it, in its repository, and for nobody else", async () => {
    const location = await client.startUpload("app");
    const id = location.split("/").at(-1);
    const other = client.with({
      credentials: await makeToken(under.server.url, under.registry, "other"),
    });
    assertRefused(await other.send("PATCH", location, { body: "x" }), 404, "BLOB_UPLOAD_UNKNOWN");
    assertRefused(
      await client.ask("GET", "app2", `blobs/uploads/${id}`),
      404,
      "BLOB_UPLOAD_UNKNOWN",
    );
    assertRefused(
      await client.ask("GET", "app", "blobs/uploads/no-such-upload"),
      404,
      "BLOB_UPLOAD_UNKNOWN",
    );
    assertRefused(
      await client.ask("GET", "app", "blobs/uploads/..%20"),
      404,
      "BLOB_UPLOAD_UNKNOWN",
    );
    assertSession(await client.send("GET", location), 204, "0-0");
  });

  it("that is there already is fine, in any repository, and both can be read", async () => {
    const bytes = someContent(400_000);
    await client.pushBlob("app", bytes);
    await client.pushBlob("app", bytes);
    await client.pushBlob("again/app", bytes);
    await assertHas(bytes);
    const again = await client.ask("GET", "again/app", `blobs/${digestOf(bytes)}`);
    assert.ok(again.body.equals(bytes));
  });

  it("twice at the same time gives one blob", async () => {
    const bytes = someContent(700_000);
    await Promise.all([1, 2, 3, 4].map(() => client.pushBlob("app", bytes)));
    await assertHas(bytes);
  });

  it("does not create a repository until it is finished", async () => {
    const location = await client.startUpload("never");
    await patch(location, someContent());
    assertRefused(await client.ask("GET", "never", "tags/list"), 404, "NAME_UNKNOWN");
    const answer = await client.send("GET", "/v2/shop/_catalog?n=1000");
    const { repositories } = jsonOf(answer) as { repositories: string[] };
    assert.equal(repositories.includes("never"), false);
  });
});
