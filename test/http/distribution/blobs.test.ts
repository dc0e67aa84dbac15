import assert from "node:assert/strict";
import { digestOf, someContent, UNKNOWN_DIGEST } from "../../support/content.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
} from "../../support/distribution-client.ts";
import type { Answer } from "../../support/http-request.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

const KIB = 1024;
const INLINE = 64 * KIB;
const BLOCK = 256 * KIB;

describe("a blob", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;

  before(async () => {
    under = await startRegistry();
    client = under.client;
  });
  after(() => under.server.stop());

  function get(digest: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return client.ask("GET", "app", `blobs/${digest}`, { headers });
  }

  function assertDescribes(answer: Answer, digest: string, length: number): void {
    assert.equal(answer.headers["docker-content-digest"], digest);
    assert.equal(answer.headers["etag"], `"${digest}"`);
    assert.equal(answer.headers["accept-ranges"], "bytes");
    assert.equal(answer.headers["content-type"], "application/octet-stream");
    assert.equal(answer.headers["content-length"], String(length));
  }

  for (const size of [
    0,
    1,
    INLINE - 1,
    INLINE,
    INLINE + 1,
    BLOCK - 1,
    BLOCK,
    BLOCK + 1,
    2 * BLOCK - 1,
    2 * BLOCK,
    2 * BLOCK + 1,
    5 * BLOCK + 12_345,
  ]) {
    it(`of ${size} bytes comes back as it was pushed (Pulling blobs)`, async () => {
      const bytes = someContent(size);
      const digest = await client.pushBlob("app", bytes);
      const head = await client.ask("HEAD", "app", `blobs/${digest}`);
      assertStatus(head, 200);
      assertDescribes(head, digest, size);
      assert.equal(head.body.length, 0);
      const pulled = await get(digest);
      assertStatus(pulled, 200);
      assertDescribes(pulled, digest, size);
      assert.ok(pulled.body.equals(bytes));
    });
  }

  it("that nobody pushed is 404 to GET, HEAD and DELETE (Checking if content exists)", async () => {
    const rest = `blobs/${UNKNOWN_DIGEST}`;
    assertRefused(await client.ask("GET", "app", rest), 404, "BLOB_UNKNOWN");
    assertRefused(await client.ask("DELETE", "app", rest), 404, "BLOB_UNKNOWN");
    assertRefused(await client.ask("GET", "nowhere", rest), 404, "BLOB_UNKNOWN");
    const head = await client.ask("HEAD", "app", rest);
    assertStatus(head, 404);
    assert.equal(head.body.length, 0);
  });

  it("is invisible in a repository that it was not pushed to, and creates none", async () => {
    const digest = await client.pushBlob("app", someContent());
    assertRefused(await client.ask("GET", "other", `blobs/${digest}`), 404, "BLOB_UNKNOWN");
    assertRefused(await client.ask("DELETE", "other", `blobs/${digest}`), 404, "BLOB_UNKNOWN");
    assertRefused(await client.ask("GET", "other", "tags/list"), 404, "NAME_UNKNOWN");
  });

  it("known to the client already is not sent again (RFC 9110, If-None-Match)", async () => {
    const digest = await client.pushBlob("app", someContent());
    for (const tag of [`"${digest}"`, `W/"${digest}"`, "*", `"x", "${digest}"`]) {
      const answer = await get(digest, { "if-none-match": tag });
      assertStatus(answer, 304);
      assert.equal(answer.headers["etag"], `"${digest}"`);
      assert.equal(answer.headers["content-length"], undefined);
      assert.equal(answer.body.length, 0);
    }
    assertStatus(await get(digest, { "if-none-match": `"${UNKNOWN_DIGEST}"` }), 200);
  });

  it("is deleted from its repository (Deleting Blobs)", async () => {
    for (const bytes of [someContent(), someContent(300_000)]) {
      const digest = await client.pushBlob("app", bytes);
      assertStatus(await client.ask("DELETE", "app", `blobs/${digest}`), 202);
      assertRefused(await get(digest), 404, "BLOB_UNKNOWN");
      assertRefused(await client.ask("DELETE", "app", `blobs/${digest}`), 404, "BLOB_UNKNOWN");
    }
  });

  it("deleted here stays where another repository has it too", async () => {
    for (const bytes of [someContent(), someContent(300_000)]) {
      const digest = await client.pushBlob("app", bytes);
      await client.pushBlob("shared", bytes);
      assertStatus(await client.ask("DELETE", "app", `blobs/${digest}`), 202);
      assertRefused(await get(digest), 404, "BLOB_UNKNOWN");
      const shared = await client.ask("GET", "shared", `blobs/${digest}`);
      assert.ok(shared.body.equals(bytes));
    }
  });

  it("deleted and pushed again is there again", async () => {
    for (const bytes of [someContent(), someContent(300_000)]) {
      const digest = await client.pushBlob("app", bytes);
      await client.ask("DELETE", "app", `blobs/${digest}`);
      await client.pushBlob("app", bytes);
      assert.ok((await get(digest)).body.equals(bytes));
    }
  });

  describe("in part (Pulling blobs; RFC 9110, Range)", () => {
    for (const size of [1000, BLOCK + 1, 3 * BLOCK]) {
      it(`of ${size} bytes gives any range`, async () => {
        const bytes = someContent(size);
        const digest = await client.pushBlob("app", bytes);
        for (const [range, start, end] of [
          ["bytes=0-0", 0, 1],
          ["bytes=0-99", 0, 100],
          ["bytes=100-", 100, size],
          [`bytes=${size - 1}-`, size - 1, size],
          [`bytes=10-${size - 10}`, 10, size - 9],
          [`bytes=5-${size * 2}`, 5, size],
          ["bytes=-1", size - 1, size],
          ["bytes=-500", size - 500, size],
          [`bytes=-${size * 2}`, 0, size],
        ] as const) {
          const answer = await get(digest, { range });
          assertStatus(answer, 206);
          assert.equal(answer.headers["content-range"], `bytes ${start}-${end - 1}/${size}`);
          assertDescribes(answer, digest, end - start);
          assert.ok(answer.body.equals(bytes.subarray(start, end)), range);
        }
      });
    }

    it("across a block's edge gives the bytes of both", async () => {
      const bytes = someContent(3 * BLOCK);
      const digest = await client.pushBlob("app", bytes);
      for (const edge of [BLOCK, 2 * BLOCK]) {
        const answer = await get(digest, { range: `bytes=${edge - 3}-${edge + 2}` });
        assert.deepEqual(answer.body, bytes.subarray(edge - 3, edge + 3));
      }
    });

    it("beyond its end answers 416 with its size", async () => {
      const digest = await client.pushBlob("app", someContent(1000));
      for (const range of ["bytes=1000-", "bytes=5000-6000", "bytes=-0"]) {
        const answer = await get(digest, { range });
        assertRefused(answer, 416, "SIZE_INVALID");
        assert.equal(answer.headers["content-range"], "bytes */1000");
      }
    });

    it("of no bytes is all of it, as clients ask for the first part of whatever there is", async () => {
      const digest = await client.pushBlob("app", Buffer.alloc(0));
      const answer = await get(digest, { range: "bytes=0-" });
      assertStatus(answer, 200);
      assertDescribes(answer, digest, 0);
    });

    it("that cannot be read, or is several, gives all of it", async () => {
      const bytes = someContent(1000);
      const digest = await client.pushBlob("app", bytes);
      for (const range of ["bytes=9-1", "lines=1-2", "bytes=x", "bytes=0-1,5-6", "junk"]) {
        const answer = await get(digest, { range });
        assertStatus(answer, 200);
        assert.deepEqual(answer.body, bytes);
      }
    });

    it("of what the client has in another version gives all of it (If-Range)", async () => {
      const bytes = someContent(1000);
      const digest = await client.pushBlob("app", bytes);
      const range = "bytes=0-9";
      const same = await get(digest, { range, "if-range": `"${digest}"` });
      assertStatus(same, 206);
      const other = await get(digest, { range, "if-range": `"${UNKNOWN_DIGEST}"` });
      assertStatus(other, 200);
      assert.deepEqual(other.body, bytes);
    });

    it("does not change what HEAD says", async () => {
      const digest = await client.pushBlob("app", someContent(1000));
      const headers = { range: "bytes=0-9" };
      const head = await client.ask("HEAD", "app", `blobs/${digest}`, { headers });
      assertStatus(head, 200);
      assertDescribes(head, digest, 1000);
    });
  });

  it("is one and the same by sha256 and by sha512, each by its own name", async () => {
    const bytes = someContent(500);
    const short = await client.pushBlob("app", bytes);
    const long = await client.pushBlob("app", bytes, "sha512");
    for (const digest of [short, long]) {
      const answer = await get(digest);
      assertDescribes(answer, digest, 500);
      assert.deepEqual(answer.body, bytes);
    }
    assert.equal(long, digestOf(bytes, "sha512"));
  });

  it("answers 405 with what is allowed to any other method", async () => {
    const answer = await client.ask("POST", "app", `blobs/${UNKNOWN_DIGEST}`);
    assertRefused(answer, 405, "UNSUPPORTED");
    assert.equal(answer.headers["allow"], "GET, HEAD, DELETE");
  });
});
