import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { digestOf } from "../../support/content.ts";
import { assertStatus } from "../../support/distribution-client.ts";
import { requestArbitrary } from "../../support/fuzzed-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, makeRegistry, makeToken } from "../../support/management.ts";
import { RawConnection } from "../../support/raw-connection.ts";

const RUNS = 600;
const ANSWER_SECONDS_MAX = 20;

describe("whatever comes over the wire", function () {
  this.timeout(180_000);
  /** Stands in everything that the shop's clients must never see. */
  const secret = `secret-${randomBytes(12).toString("hex")}`;
  const hidden = `hidden/${randomBytes(6).toString("hex")}`;
  let local: LocalRegistry;
  let secretDigest = "";
  let knownDigest = "";

  before(async () => {
    local = await LocalRegistry.start();
    const vault = await makeRegistry(local.url, "vault");
    const credentials = await makeToken(local.url, vault, "ci");
    const inVault = local.client.with({ registry: "vault", credentials });
    secretDigest = await inVault.pushBlob(hidden, Buffer.from(secret));
    await inVault.pushImage(hidden, secret, { annotations: { secret } });
    const image = await local.client.pushImage("app", "1");
    knownDigest = digestOf(image.layer);
  });
  after(() => local.close());

  /** Sends it all, says that nothing more comes, and returns what was answered until the server closed the connection. */
  async function answersTo(bytes: string): Promise<string> {
    const connection = await RawConnection.open(local.url);
    try {
      connection.write(bytes);
      connection.end();
      return await connection.untilClosed(ANSWER_SECONDS_MAX);
    } finally {
      connection.destroy();
    }
  }

  function assertHarmless(sent: string, received: string): void {
    for (const [, status] of received.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
      assert.ok(Number(status) < 500 || status === "501" || status === "505", `status ${status}`);
    }
    const faults = local.events.all.splice(0).filter(({ level }) => level === "error");
    assert.deepEqual(faults, []);
    for (const text of [secret, hidden]) {
      assert.ok(sent.includes(text) || !received.includes(text), `another registry's ${text}`);
    }
    const secretBody = received.split("\r\n\r\n").some((part) => part.startsWith(secret));
    assert.ok(!secretBody, "another registry's blob");
  }

  it("is answered without a fault, in time, and never with another registry's content", async () => {
    const credentials = [basic(local.token), basic({ username: "ci", password: "wrong" })];
    const request = requestArbitrary({
      digests: [secretDigest, knownDigest],
      names: [hidden, "app", secret],
      credentials,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 3 }), async (requests) => {
        const sent = requests.join("");
        assertHarmless(sent, await answersTo(sent));
      }),
      { numRuns: RUNS },
    );
    assertStatus(await local.client.ask("GET", "app", "manifests/1"), 200);
  });

  it("as bytes of any kind is answered with 400 or not at all", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        const received = await answersTo(Buffer.from(bytes).toString("latin1"));
        assert.match(received, /^(HTTP\/1\.1 400 |$)/);
      }),
      { numRuns: RUNS / 4 },
    );
  });

  it("with a content type that is none is refused, in the specification's form", async () => {
    for (const contentType of ["", "x", "__proto__", "a/b/c;"]) {
      const headers = { "content-type": contentType };
      const answer = await local.client.ask("PUT", "app", "manifests/2", { headers, body: "{}" });
      assertStatus(answer, 400);
      assertHarmless("", answer.body.toString("latin1"));
    }
  });

  it("smuggled behind a request of unclear length is not taken for a request", async () => {
    const path = local.client.path("app", "manifests/1");
    const inner = `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(local.token)}\r\n\r\n`;
    for (const framing of [
      `Content-Length: 4\r\nTransfer-Encoding: chunked`,
      `Transfer-Encoding: chunked\r\nContent-Length: ${inner.length}`,
      "Content-Length: 0\r\nContent-Length: 100",
      "Content-Length: +0",
      "Content-Length: 0x0",
      "Content-Length: -1",
      "Content-Length : 0",
      "Transfer-Encoding: xchunked",
      "Transfer-Encoding: chunked, identity",
      "Transfer-Encoding:\u000bchunked",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    ]) {
      const outer = `POST /v2/shop/app/blobs/uploads/ HTTP/1.1\r\nHost: x\r\n${framing}\r\n\r\n`;
      const received = await answersTo(`${outer}0\r\n\r\n${inner}`);
      assert.ok(!received.includes("HTTP/1.1 200"), `${framing}: ${received}`);
      assertHarmless(inner, received);
    }
  });
});
