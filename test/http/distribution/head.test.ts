import assert from "node:assert/strict";
import { assertStatus } from "../../support/distribution-client.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

describe("HEAD (RFC 9110, section 9.3.2)", () => {
  let under: RegistryUnderTest;
  let paths: Readonly<Record<string, string>>;

  before(async () => {
    under = await startRegistry();
    const { client } = under;
    const { digest, layer } = await client.pushImage("app", "1");
    await client.pushImage("app", "2");
    paths = {
      "the version": "/v2/",
      "the catalog": "/v2/_catalog?n=1",
      "a registry's catalog": "/v2/shop/_catalog",
      "a page of tags": client.path("app", "tags/list?n=1"),
      "a page of referrers": client.path("app", `referrers/${digest}?artifactType=a/b`),
      "a manifest": client.path("app", "manifests/1"),
      "a blob": client.path("app", `blobs/${await client.pushBlob("app", layer)}`),
      "an upload": await client.startUpload("app"),
      "tags of nothing": client.path("none", "tags/list"),
    };
  });
  after(() => under.server.stop());

  it("tells of whatever GET would, without a body", async () => {
    for (const [what, path] of Object.entries(paths)) {
      const got = await under.client.send("GET", path);
      const head = await under.client.send("HEAD", path);
      assertStatus(head, got.status);
      assert.equal(head.body.length, 0, what);
      for (const name of ["content-type", "content-length", "docker-content-digest", "etag"]) {
        if (got.status === 200) {
          assert.equal(head.headers[name], got.headers[name], `${what}: ${name}`);
        }
      }
      for (const name of ["link", "oci-filters-applied", "location", "range"]) {
        assert.equal(head.headers[name], got.headers[name], `${what}: ${name}`);
      }
    }
  });
});
