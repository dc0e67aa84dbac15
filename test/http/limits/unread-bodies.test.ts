import assert from "node:assert/strict";
import { UNREAD_BODY_BYTES_MAX } from "../../../provider/server/src/domain/limits.ts";
import { OCI_MANIFEST } from "../../support/content.ts";
import { assertRefused } from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic } from "../../support/management.ts";
import { head, RawConnection } from "../../support/raw-connection.ts";

const PIECE = Buffer.alloc(64 * 1024, " ");

describe("an answer that comes before the whole body was sent", () => {
  let local: LocalRegistry;
  let connection: RawConnection;

  before(async () => {
    local = await LocalRegistry.start();
  });
  beforeEach(async () => {
    connection = await RawConnection.open(local.url);
  });
  afterEach(() => connection.destroy());
  after(() => local.close());

  it("reaches a client that goes on sending", async () => {
    for (const path of ["manifests/1", "blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA?digest=none"]) {
      const answer = await local.client.ask("PUT", "app", path, {
        headers: { "content-type": OCI_MANIFEST },
        body: pieces(1000),
      });
      const [status, code] = path.startsWith("m")
        ? [413, "MANIFEST_INVALID"]
        : [400, "DIGEST_INVALID"];
      assertRefused(answer, Number(status), String(code));
    }
  });

  it("leaves the connection fit for the next request", async () => {
    const size = 6 * 1024 * 1024;
    const headers = {
      Authorization: basic(local.token),
      "Content-Type": OCI_MANIFEST,
      "Content-Length": size,
    };
    connection.write(head("PUT", local.client.path("app", "manifests/1"), headers));
    for (let sent = 0; sent < size; sent += PIECE.byteLength) {
      connection.write(PIECE);
    }
    connection.write(head("GET", "/healthz", {}));
    assert.equal(await connection.status(), 413);
    await eventually(
      "the second answer",
      async () => connection.received.includes('"ok"') || undefined,
    );
  });

  it("is the last one for a client that sends on and on", async () => {
    const headers = { Authorization: basic(local.token), "Transfer-Encoding": "chunked" };
    connection.write(head("PUT", local.client.path("app", "manifests/1"), headers));
    let sent = 0;
    await eventually("the connection to be cut", async () => {
      for (let count = 0; count < 16 && !connection.isClosed; count++) {
        connection.write(`${PIECE.byteLength.toString(16)}\r\n`);
        connection.write(PIECE);
        connection.write("\r\n");
        sent += PIECE.byteLength;
      }
      return connection.isClosed || undefined;
    });
    assert.ok(sent > UNREAD_BODY_BYTES_MAX);
    assert.match(connection.received, /^HTTP\/1\.1 4\d\d /);
  });
});

async function* pieces(count: number) {
  for (let index = 0; index < count; index++) {
    yield PIECE;
  }
}
