import assert from "node:assert/strict";
import { assertRefused, assertStatus } from "../../support/distribution-client.ts";
import { makeRegistry, makeToken } from "../../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

describe("a registry", () => {
  let under: RegistryUnderTest;

  before(async () => {
    under = await startRegistry();
  });
  after(() => under.server.stop());

  it("of somebody else is, to a token, one that does not exist", async () => {
    const { server, client } = under;
    const other = await makeRegistry(server.url, "other");
    const stranger = client.with({ credentials: await makeToken(server.url, other, "ci") });
    const { digest } = await client.pushImage("app", "1");
    for (const [method, rest] of [
      ["GET", "manifests/1"],
      ["GET", `blobs/${digest}`],
      ["GET", "tags/list"],
      ["POST", "blobs/uploads/"],
      ["PUT", "manifests/2"],
      ["DELETE", "manifests/1"],
    ] as const) {
      const known = await stranger.ask(method, "app", rest);
      const unknown = await stranger.with({ registry: "none" }).ask(method, "app", rest);
      assertRefused(known, 404, "NAME_UNKNOWN");
      assert.equal(known.status, unknown.status);
      assert.equal(known.body.toString().replaceAll("shop", "none"), unknown.body.toString());
    }
    assertRefused(await stranger.send("GET", "/v2/shop/_catalog"), 404, "NAME_UNKNOWN");
  });

  it("that is public lets anyone pull, and nothing else", async () => {
    const { server, client } = under;
    const open = await makeRegistry(server.url, "open", { visibility: "public" });
    const token = await makeToken(server.url, open, "ci");
    const pushing = client.with({ registry: "open", credentials: token });
    const { digest, layer, bytes } = await pushing.pushImage("app", "1");
    const anyone = pushing.anonymous();
    const manifest = await anyone.ask("GET", "app", "manifests/1");
    assertStatus(manifest, 200);
    assert.deepEqual(manifest.body, bytes);
    const layerDigest = JSON.parse(bytes.toString()).layers[0].digest;
    assert.deepEqual((await anyone.ask("GET", "app", `blobs/${layerDigest}`)).body, layer);
    assertStatus(await anyone.ask("GET", "app", "tags/list"), 200);
    for (const [method, rest] of [
      ["POST", "blobs/uploads/"],
      ["PUT", "manifests/2"],
      ["DELETE", "manifests/1"],
      ["DELETE", `blobs/${digest}`],
    ] as const) {
      assertRefused(await anyone.ask(method, "app", rest), 401, "UNAUTHORIZED");
    }
    assertRefused(await anyone.send("GET", "/v2/open/_catalog"), 401, "UNAUTHORIZED");
    const wrong = await pushing
      .with({ credentials: { username: "ci", password: "wrong password" } })
      .ask("GET", "app", "manifests/1");
    assertRefused(wrong, 401, "UNAUTHORIZED");
  });
});
