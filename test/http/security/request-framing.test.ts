import assert from "node:assert/strict";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, OWNER } from "../../support/management.ts";
import { RawConnection } from "../../support/raw-connection.ts";

const SECOND = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

/** Requests of which a proxy and a server may disagree where they end, by what is odd about them. A second one stands behind each. */
const UNCLEAR: Readonly<Record<string, string>> = {
  "Content-Length and Transfer-Encoding":
    "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  "Transfer-Encoding and Content-Length":
    "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
  "two lengths": "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
  "the same length twice": "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
  "a list of lengths": "Content-Length: 4, 4\r\n\r\nabcd",
  "a signed length": "Content-Length: +4\r\n\r\nabcd",
  "a negative length": "Content-Length: -4\r\n\r\nabcd",
  "a hexadecimal length": "Content-Length: 0x4\r\n\r\nabcd",
  "a length beyond all numbers": "Content-Length: 99999999999999999999999\r\n\r\nabcd",
  "a space before the colon": "Content-Length : 4\r\n\r\nabcd",
  "a folded line": "X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n",
  "a bare line feed": "X-A: b\nContent-Length: 0\r\n\r\n",
  "a bare carriage return": "X-A: b\rContent-Length: 0\r\n\r\n",
  "a coding that is almost chunked": "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
  "a control character before chunked": "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
  "chunked that is not the last coding": "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
  "two Transfer-Encoding headers":
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
  "chunked twice": "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  "a coding before chunked": "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
  "a chunk's size in another notation": "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
  "a chunk's size beyond all numbers":
    "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n",
  "a line feed that ends a chunk's extension":
    "Transfer-Encoding: chunked\r\n\r\n2;a\n{}\r\n0\r\n\r\n",
  "a chunk's extension that does not end": `Transfer-Encoding: chunked\r\n\r\n2;${"a".repeat(64 * 1024)}\r\n{}\r\n0\r\n\r\n`,
  "two hosts": "Host: shop.cr.de-fra.localhost\r\nContent-Length: 0\r\n\r\n",
  "two credentials": `Authorization: ${basic(OWNER)}\r\nContent-Length: 0\r\n\r\n`,
};

describe("a request that can be read in two ways", () => {
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start();
  });
  after(() => local.close());

  async function answersTo(text: string): Promise<string> {
    const connection = await RawConnection.open(local.url);
    connection.write(text);
    const answers = await connection.untilClosed();
    connection.destroy();
    return answers;
  }

  /** Nothing is served, neither it nor what stands behind it. */
  function assertRefused(answers: string, odd: string): void {
    assert.match(answers, /^HTTP\/1\.1 (?:400|413|431) /, odd);
    assert.doesNotMatch(answers, /HTTP\/1\.1 2/, odd);
    assert.doesNotMatch(answers, /"status":"ok"/, odd);
  }

  for (const path of ["/v2/shop/app/blobs/uploads/", "/containerregistries/registries", "/token"]) {
    it(`is refused, and what stands behind it is not served: at ${path}`, async () => {
      for (const [odd, rest] of Object.entries(UNCLEAR)) {
        const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(OWNER)}\r\n`;
        const type = "Content-Type: application/json\r\n";
        assertRefused(await answersTo(head + type + rest + SECOND), odd);
      }
    });
  }

  it("because its target names another host is refused", async () => {
    for (const target of [
      "http://shop.cr.de-fra.localhost/v2/app/tags/list",
      "http://x/healthz",
      "https://x/containerregistries/registries",
      "*",
    ]) {
      const head = `GET ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(OWNER)}\r\n\r\n`;
      assertRefused(await answersTo(head + SECOND), target);
    }
  });

  it("is not one that has chunks with extensions and trailers, which count for nothing", async () => {
    const connection = await RawConnection.open(local.url);
    connection.write(
      `POST /v2/shop/app/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nAuthorization: ${basic(OWNER)}\r\n\r\n`,
    );
    assert.equal(await connection.status(), 401);
    connection.destroy();
  });

  it("by a method that this server has no use for gets no fault", async () => {
    for (const method of ["QUERY", "TRACE", "PROPFIND", "PURGE", "SEARCH", "LINK"]) {
      for (const path of ["/v2/", "/token", "/containerregistries/registries", "/healthz"]) {
        const answer = await local.client.send(method, path);
        assert.ok([400, 404, 405].includes(answer.status), `${method} ${path}: ${answer.status}`);
        assert.doesNotMatch(answer.body.toString(), /stack|node_modules/);
      }
    }
  });

  it("by a body that is said to be compressed is read as it is, and nothing is inflated", async () => {
    const headers = {
      authorization: basic(OWNER),
      "content-type": "application/json",
      "content-encoding": "gzip",
    };
    const { gzipSync } = await import("node:zlib");
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "));
    const answer = await local.client.send("POST", "/registries", { headers, body: bomb });
    assert.equal(answer.status, 400);
    assert.match(answer.body.toString(), /UTF-8/);
  });
});
