import assert from "node:assert/strict";
import { digestOf, someContent } from "../../support/content.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
  withDigest,
} from "../../support/distribution-client.ts";
import { jsonOf } from "../../support/http-request.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

describe("the Content-Type of a request", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;

  before(async () => {
    under = await startRegistry();
    client = under.client;
  });
  after(() => under.server.stop());

  for (const type of ["", "binary", "application/json", "multipart/form-data", 'a/b; charset="']) {
    it(`says nothing about a blob's bytes: ${JSON.stringify(type)}`, async () => {
      const bytes = someContent(100);
      const headers = { "content-type": type };
      const location = await client.startUpload("app");
      const patch = await client.send("PATCH", location, { headers, body: bytes.subarray(0, 50) });
      assertStatus(patch, 202);
      const end = withDigest(location, digestOf(bytes));
      assertStatus(await client.send("PUT", end, { headers, body: bytes.subarray(50) }), 201);
      const single = `blobs/uploads/?digest=${digestOf(bytes)}`;
      assertStatus(await client.ask("POST", "other", single, { headers, body: bytes }), 201);
      const cancelled = await client.startUpload("app");
      assertStatus(await client.send("DELETE", cancelled, { headers }), 204);
      const pulled = await client.ask("GET", "app", `blobs/${digestOf(bytes)}`);
      assert.deepEqual(pulled.body, bytes);
    });
  }

  it("is what a manifest is: one that is no media type is refused, and said to be that", async () => {
    const { bytes } = await client.pushImage("app", "1");
    const answer = await client.putManifest("app", "2", bytes, "manifest");
    assertRefused(answer, 400, "MANIFEST_INVALID");
    assert.match(JSON.stringify(jsonOf(answer)), /\\"manifest\\" is not a manifest's media type/);
  });
});
