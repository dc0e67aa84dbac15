import assert from "node:assert/strict";
import fc from "fast-check";
import { BLOB_BLOCK_BYTES } from "../../../provider/server/src/domain/limits.ts";
import { patternBytes } from "../../support/byte-patterns.ts";
import { digestOf } from "../../support/content.ts";
import { assertStatus, withDigest } from "../../support/distribution-client.ts";
import { LocalRegistry } from "../../support/local-registry.ts";

const BYTES_MAX = 3 * BLOB_BLOCK_BYTES;
const CONTENT = Buffer.from(patternBytes(BYTES_MAX, 7));

/** A chunk of an upload, and how it is sent. */
const chunk = fc.record({
  bytes: fc.oneof(
    fc.integer({ min: 1, max: 100 }),
    fc.integer({ min: 1, max: 100_000 }),
    fc.integer({ min: BLOB_BLOCK_BYTES - 2, max: BLOB_BLOCK_BYTES + 2 }),
  ),
  /** `Content-Range` says where it starts. */
  isRanged: fc.boolean(),
  /** It comes in pieces of this size, without an announced length. */
  pieceBytes: fc.option(fc.integer({ min: 1000, max: 300_000 }), { nil: undefined }),
});

describe("a blob that is pushed over HTTP", function () {
  this.timeout(120_000);
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start();
  });
  after(() => local.close());

  it("is the same however it was cut", async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(chunk, { maxLength: 8 }),
        fc.boolean(),
        async (chunks, endsEmpty) => {
          const repository = `cut/r${count++}`;
          const location = await local.client.startUpload(repository);
          let size = 0;
          for (const [index, { bytes, isRanged, pieceBytes }] of chunks.entries()) {
            const part = CONTENT.subarray(size, Math.min(size + bytes, BYTES_MAX));
            const range = `${size}-${size + part.byteLength - 1}`;
            size += part.byteLength;
            const isLast = index === chunks.length - 1 && !endsEmpty;
            const asking = {
              body: pieceBytes === undefined ? part : pieces(part, pieceBytes),
              headers: isRanged && part.byteLength > 0 ? { "content-range": range } : {},
            };
            if (isLast) {
              const end = withDigest(location, digestOf(CONTENT.subarray(0, size)));
              assertStatus(await local.client.send("PUT", end, asking), 201);
            } else {
              const answer = await local.client.send("PATCH", location, asking);
              assertStatus(answer, 202);
              assert.equal(answer.headers["range"], `0-${Math.max(0, size - 1)}`);
            }
          }
          const whole = CONTENT.subarray(0, size);
          const digest = digestOf(whole);
          if (endsEmpty || chunks.length === 0) {
            assertStatus(await local.client.send("PUT", withDigest(location, digest)), 201);
          }
          const pulled = await local.client.ask("GET", repository, `blobs/${digest}`);
          assertStatus(pulled, 200);
          assert.ok(pulled.body.equals(whole), "other bytes came back");
        },
      ),
      { numRuns: 40 },
    );
  });

  it("is given in any range as the slice of the whole", async () => {
    const sizes = [100, BLOB_BLOCK_BYTES, BYTES_MAX];
    for (const size of sizes) {
      await local.client.pushBlob("ranges", CONTENT.subarray(0, size));
    }
    const bytes = fc.integer({ min: 0, max: BYTES_MAX });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sizes), bytes, bytes, async (size, one, other) => {
        const digest = digestOf(CONTENT.subarray(0, size));
        const [first, last] = [Math.min(one, other), Math.max(one, other)];
        const headers = { range: `bytes=${first}-${last}` };
        const answer = await local.client.ask("GET", "ranges", `blobs/${digest}`, { headers });
        if (first >= size) {
          assertStatus(answer, 416);
          assert.equal(answer.headers["content-range"], `bytes */${size}`);
        } else {
          assertStatus(answer, 206);
          assert.ok(answer.body.equals(CONTENT.subarray(first, Math.min(last + 1, size))));
        }
      }),
      { numRuns: 100 },
    );
  });
});

async function* pieces(bytes: Buffer, pieceBytes: number): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.byteLength; from += pieceBytes) {
    yield bytes.subarray(from, from + pieceBytes);
  }
}
