import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Ed25519TokenSigner } from "../../../provider/server/src/adapters/token-signer/ed25519-token-signer.ts";
import { bearerFor, bearing } from "../../support/bearer.ts";
import { digestOf, someContent } from "../../support/content.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
  withDigest,
} from "../../support/distribution-client.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { makeToken, manage } from "../../support/management.ts";

const SCOPE = "repository:shop/app:pull,push";
const HOUR = 3_600_000;

describe("a push that takes longer than its bearer token lives", () => {
  let local: LocalRegistry;
  let millisecondsAhead = 0;

  before(async () => {
    const clock = { now: () => Date.now() + millisecondsAhead };
    local = await LocalRegistry.start({
      adapt: (context) => ({
        ...context,
        signer: new Ed25519TokenSigner({
          seed: randomBytes(32),
          issuer: "test",
          audience: "test",
          clock,
        }),
      }),
    });
  });
  after(() => local.close());
  beforeEach(() => {
    millisecondsAhead = 0;
  });

  async function beginWithBearer(): Promise<{
    tokenId: string;
    client: DistributionClient;
    location: string;
  }> {
    const name = `ci-${randomBytes(4).toString("hex")}`;
    const token = await makeToken(local.url, local.registry, name);
    const headers = bearing(await bearerFor(local.url, token, SCOPE));
    const client = local.client.anonymous().with({ headers });
    return { tokenId: token.id, client, location: await client.startUpload("app") };
  }

  it("goes on to its end, while anything new is refused", async () => {
    const { client, location } = await beginWithBearer();
    const bytes = someContent(200_000);
    assertStatus(await client.send("PATCH", location, { body: bytes.subarray(0, 100_000) }), 202);
    millisecondsAhead = HOUR;
    assertStatus(await client.send("GET", location), 204);
    assertStatus(await client.send("PATCH", location, { body: bytes.subarray(100_000) }), 202);
    assertStatus(await client.send("PUT", withDigest(location, digestOf(bytes))), 201);
    for (const [method, rest] of [
      ["GET", `blobs/${digestOf(bytes)}`],
      ["POST", "blobs/uploads/"],
      ["PUT", "manifests/1"],
      ["GET", "tags/list"],
    ] as const) {
      const answer = await client.ask(method, "app", rest);
      assertRefused(answer, 401, "UNAUTHORIZED");
      assert.match(answer.headers["www-authenticate"] ?? "", /error="invalid_token"/);
    }
    assertRefused(await client.send("GET", "/v2/"), 401, "UNAUTHORIZED");
  });

  it("ends at once when the token is revoked, and with a stranger's bearer token", async () => {
    const { client, location, tokenId } = await beginWithBearer();
    const other = await beginWithBearer();
    millisecondsAhead = HOUR;
    const strange = await other.client.send("PATCH", location, { body: "x" });
    assertRefused(strange, 404, "BLOB_UPLOAD_UNKNOWN");
    const path = `/registries/${local.registry.id}/tokens/${tokenId}`;
    const disabled = await manage(local.url, "PATCH", path, { status: "disabled" });
    assert.equal(disabled.status, 200);
    assertRefused(await client.send("PATCH", location, { body: "x" }), 401, "UNAUTHORIZED");
    const enabled = await manage(local.url, "PATCH", path, { status: "enabled", scopes: [] });
    assert.equal(enabled.status, 200);
    assertRefused(await client.send("PATCH", location, { body: "x" }), 403, "DENIED");
  });

  it("ends a day after the bearer token did", async () => {
    const { client, location } = await beginWithBearer();
    millisecondsAhead = 25 * HOUR;
    assertRefused(await client.send("PATCH", location, { body: "x" }), 401, "UNAUTHORIZED");
  });
});
