import assert from "node:assert/strict";
import { apiErrorResponse } from "@moorage/core/contract/errors";
import { LocalRegistry } from "../../support/local-registry.ts";
import { RawConnection } from "../../support/raw-connection.ts";

describe("what cannot be read as a request", () => {
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start();
  });
  after(() => local.close());

  async function answerTo(text: string) {
    const connection = await RawConnection.open(local.url);
    connection.write(text);
    const [head = "", body = ""] = (await connection.untilClosed()).split("\r\n\r\n");
    connection.destroy();
    return { head, body };
  }

  for (const [what, text, status, code] of [
    ["no HTTP", "hello\r\n\r\n", 400, "request-unreadable"],
    ["a header that is none", "GET / HTTP/1.1\r\nHost: x\r\nno\r\n\r\n", 400, "request-unreadable"],
    [
      "headers without end",
      `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(100_000)}\r\n\r\n`,
      431,
      "headers-too-large",
    ],
  ] as const) {
    it(`is refused in the form of both APIs: ${what}`, async () => {
      const { head, body } = await answerTo(text);
      assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(head, /^Content-Type: application\/json\r?$/m);
      assert.match(head, new RegExp(`^Content-Length: ${Buffer.byteLength(body)}\r?$`, "m"));
      const { httpStatus, messages } = apiErrorResponse.parse(JSON.parse(body));
      assert.deepEqual([httpStatus, messages?.map(({ errorCode }) => errorCode)], [status, [code]]);
      const { errors } = JSON.parse(body) as { errors: unknown };
      const message = messages?.[0]?.message;
      assert.deepEqual(errors, [{ code: "UNSUPPORTED", message, detail: null }]);
    });
  }
});
