import assert from "node:assert/strict";
import { MANIFEST_BYTES_MAX } from "../../../provider/server/src/domain/limits.ts";
import { digestOf, someContent, UNKNOWN_DIGEST } from "../../support/content.ts";
import { assertStatus } from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import { basic } from "../../support/management.ts";
import { head, RawConnection } from "../../support/raw-connection.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

describe("a client that asks before it sends a body (RFC 9110, Expect: 100-continue)", () => {
  let under: RegistryUnderTest;

  before(async () => {
    under = await startRegistry();
  });
  after(() => under.server.stop());

  async function ask(method: string, path: string, length: number, authorization?: string) {
    const connection = await RawConnection.open(under.server.url);
    connection.write(
      head(method, path, {
        "Content-Length": length,
        Expect: "100-continue",
        ...(authorization !== undefined && { Authorization: authorization }),
      }),
    );
    return connection;
  }

  const until = (connection: RawConnection, text: string) =>
    eventually(text, async () => (connection.received.includes(text) ? true : undefined));

  it("is told to go ahead where the body is wanted, and keeps its connection", async () => {
    const bytes = someContent(100_000);
    const path = under.client.path("app", `blobs/uploads/?digest=${digestOf(bytes)}`);
    const connection = await ask("POST", path, bytes.length, basic(under.token));
    try {
      await until(connection, "HTTP/1.1 100 Continue\r\n\r\n");
      connection.write(bytes);
      await until(connection, "HTTP/1.1 201 Created");
      connection.write(head("GET", "/v2/", { Authorization: basic(under.token) }));
      await until(connection, "HTTP/1.1 200 OK");
    } finally {
      connection.destroy();
    }
    const pulled = await under.client.ask("GET", "app", `blobs/${digestOf(bytes)}`);
    assert.deepEqual(pulled.body, bytes);
  });

  it("is refused before it sends anything, where that can be known, and the connection ends", async () => {
    const good = basic(under.token);
    const location = await under.client.startUpload("app");
    const large = MANIFEST_BYTES_MAX + 1;
    for (const [status, method, path, length, authorization] of [
      [
        401,
        "POST",
        under.client.path("app", `blobs/uploads/?digest=${UNKNOWN_DIGEST}`),
        1e9,
        undefined,
      ],
      [401, "PATCH", location, 1e9, basic({ username: "no", password: "body" })],
      [404, "PATCH", location.replace("app", "other"), 1e9, good],
      [400, "PUT", `${location}?digest=sha256:x`, 1e9, good],
      [413, "PUT", under.client.path("app", "manifests/large"), large, good],
      [405, "PUT", under.client.path("app", `blobs/${UNKNOWN_DIGEST}`), 1e9, good],
    ] as const) {
      const connection = await ask(method, path, length, authorization);
      const answer = await connection.untilClosed();
      assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer);
      assert.match(answer, /^Connection: close\r$/im);
      assert.match(answer, /"errors":\[/);
    }
    assertStatus(await under.client.send("GET", location), 204);
  });

  it("is told to go ahead at once on the management API", async () => {
    const connection = await ask("POST", "/containerregistries/registries", 2);
    try {
      await until(connection, "HTTP/1.1 100 Continue\r\n\r\n");
      connection.write("{}");
      await until(connection, "HTTP/1.1 401 Unauthorized");
    } finally {
      connection.destroy();
    }
  });
});
