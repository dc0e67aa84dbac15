import assert from "node:assert/strict";
import fc from "fast-check";
import { OCI_MANIFEST, UNKNOWN_DIGEST } from "../../support/content.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
} from "../../support/distribution-client.ts";
import { makeRegistry, makeToken } from "../../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

const MARKER = "content-of-somebody-else";

describe("malformed requests to the distribution API", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;

  before(async () => {
    under = await startRegistry();
    client = under.client;
    const { url } = under.server;
    const other = await makeRegistry(url, "other");
    const stranger = client.with({
      registry: "other",
      credentials: await makeToken(url, other, "ci"),
    });
    await stranger.pushBlob("app", Buffer.from(MARKER));
    await stranger.pushImage("app", "1", { annotations: { marker: MARKER } });
    await client.pushImage("app", "1");
  });
  after(() => under.server.stop());

  for (const [method, path, status, code] of [
    ["GET", "/v2/shop/APP/manifests/1", 400, "NAME_INVALID"],
    ["GET", "/v2/shop/a..b/tags/list", 400, "NAME_INVALID"],
    ["GET", "/v2/shop//app/tags/list", 400, "NAME_INVALID"],
    ["GET", "/v2/shop/../other/app/tags/list", 400, "NAME_INVALID"],
    ["GET", "/v2/shop/%2e%2e/other/app/tags/list", 400, "NAME_INVALID"],
    ["GET", "/v2/shop%2fapp/manifests/1", 400, "NAME_INVALID"],
    ["GET", "/v2/shop/a%2fb/manifests/1", 400, "NAME_INVALID"],
    ["GET", "/v2/shop/a%00b/manifests/1", 400, "NAME_INVALID"],
    ["GET", "/v2/shop/a%/manifests/1", 400, "NAME_INVALID"],
    ["GET", "/v2/shop/%ff/manifests/1", 400, "NAME_INVALID"],
    ["GET", `/v2/shop/${"x".repeat(256)}/tags/list`, 400, "NAME_INVALID"],
    ["POST", "/v2/shop/UPPER/blobs/uploads/", 400, "NAME_INVALID"],
    ["GET", "/v2/shop/tags/list", 400, "NAME_INVALID"],
    // What can be no tag is not there either; the conformance suite asks for one.
    ["GET", "/v2/shop/app/manifests/%20", 404, "MANIFEST_UNKNOWN"],
    ["GET", "/v2/shop/app/manifests/", 404, "MANIFEST_UNKNOWN"],
    ["GET", `/v2/shop/app/manifests/${"x".repeat(129)}`, 404, "MANIFEST_UNKNOWN"],
    ["DELETE", "/v2/shop/app/manifests/-x", 404, "MANIFEST_UNKNOWN"],
    ["GET", "/v2/shop/app/manifests/sha256:xyz", 400, "DIGEST_INVALID"],
    ["GET", "/v2/shop/app/blobs/latest", 400, "DIGEST_INVALID"],
    ["HEAD", "/v2/shop/app/blobs/sha256:0", 400, undefined],
    ["DELETE", "/v2/shop/app/blobs/sha1:0", 400, "DIGEST_INVALID"],
    ["GET", `/v2/shop/app/blobs/${UNKNOWN_DIGEST.toUpperCase()}`, 400, "DIGEST_INVALID"],
    ["GET", "/v2/shop/app/referrers/x", 400, "DIGEST_INVALID"],
    ["GET", "/v2/shop/app", 404, "NAME_UNKNOWN"],
    ["GET", "/v2/shop/app/unknown/1", 404, "NAME_UNKNOWN"],
    ["GET", "/v2//", 404, "NAME_UNKNOWN"],
    ["PUT", "/v2/shop/app/tags/list", 405, "UNSUPPORTED"],
    ["DELETE", "/v2/", 405, "UNSUPPORTED"],
    ["POST", "/v2/_catalog", 405, "UNSUPPORTED"],
    ["PUT", "/v2/shop/app/blobs/uploads/", 405, "UNSUPPORTED"],
  ] as const) {
    it(`answer ${status} ${code ?? ""} to ${method} ${path.slice(0, 60)}`, async () => {
      const answer = await client.send(method, path);
      if (code === undefined) {
        assertStatus(answer, status);
        assert.equal(answer.body.length, 0);
      } else {
        assertRefused(answer, status, code);
      }
    });
  }

  it("without a registry's name are told where it stands", async () => {
    const answer = await client.send("POST", "/v2/hello/blobs/uploads/");
    assertRefused(answer, 400, "NAME_INVALID");
    assert.match(answer.body.toString("utf8"), /<registry>\/<repository>/);
  });

  it("of any kind never end in a 500, a hang, or another registry's content", async () => {
    await fc.assert(
      fc.asyncProperty(METHOD, PATH, HEADERS, BODY, async (method, path, headers, body) => {
        const answer = await client.send(method, path, { headers, body });
        assert.ok(answer.status < 500, `${answer.status}: ${answer.body}`);
        assert.ok(!answer.body.includes(MARKER), "another registry's content");
      }),
      { numRuns: 400, interruptAfterTimeLimit: 15_000 },
    );
    assert.ok(!under.server.log.includes('"event":"request-failed"'), "the log has a fault");
  });

  it("with more headers than the server takes are refused, and the server goes on", async () => {
    const headers = { "x-long": "x".repeat(40_000) };
    assertStatus(await client.send("GET", "/v2/", { headers }), 431);
    assertStatus(await client.send("GET", "/v2/"), 200);
  });
});

const METHOD = fc.constantFrom("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS");
/** Pieces of paths that mean something, and some that should not. */
const SEGMENT = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("shop", "app", "other", "team") },
  {
    weight: 6,
    arbitrary: fc.constantFrom("manifests", "blobs", "uploads", "tags", "list", "referrers"),
  },
  fc.constantFrom("_catalog", "1", "latest", UNKNOWN_DIGEST, "sha256:", "0123456789abcdef", ""),
  fc.constantFrom("%", "%2f", "%2F..", "%00", "%ff", "%c3%28", "..", ".", "%2e%2e", "~", "*"),
  fc.string({ unit: fc.constantFrom(..."abz09._-:@!$&'()+,;=%") }),
);
const QUERY = fc.oneof(
  fc.constant(""),
  fc.constantFrom("?n=1", "?n=-1", "?last=%00", "?digest=x", `?digest=${UNKNOWN_DIGEST}`),
  fc.constantFrom(
    "?mount=x&from=%ff",
    `?mount=${UNKNOWN_DIGEST}&from=other/app`,
    "?artifactType=%",
  ),
  fc.string({ unit: fc.constantFrom(..."n=&?last%digest019") }).map((text) => `?${text}`),
);
const PATH = fc
  .tuple(fc.array(SEGMENT, { maxLength: 8 }), QUERY)
  .map(([segments, query]) => `/v2/${segments.join("/")}${query}`);
const VALUE = fc.string({ unit: fc.constantFrom(...'bytes=-0123456789,/* "W') });
const HEADERS = fc.dictionary(
  fc.constantFrom("range", "content-range", "if-none-match", "if-range", "accept", "x-moorage"),
  VALUE,
  { maxKeys: 3 },
);
const BODY = fc.oneof(
  fc.constant(""),
  fc.string(),
  fc.json(),
  fc.constant(JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST })),
);
