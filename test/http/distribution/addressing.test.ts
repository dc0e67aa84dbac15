import assert from "node:assert/strict";
import { bearing } from "../../support/bearer.ts";
import { digestOf, someContent, UNKNOWN_DIGEST } from "../../support/content.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
  locationOf,
  withDigest,
} from "../../support/distribution-client.ts";
import { jsonOf, send } from "../../support/http-request.ts";
import { basic, makeRegistry } from "../../support/management.ts";
import { nextOf } from "../../support/pages.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

const HOST = "shop.cr.de-fra.localhost";

describe("a registry", () => {
  let under: RegistryUnderTest;
  let byPath: DistributionClient;
  let byHost: DistributionClient;

  before(async () => {
    under = await startRegistry();
    byPath = under.client;
    byHost = byPath.onHost(`${HOST}:5000`);
  });
  after(() => under.server.stop());

  it("is the same by path and by host name", async () => {
    const image = await byHost.pushImage("team/app", "1");
    for (const client of [byPath, byHost, byPath.onHost(HOST), byPath.onHost(HOST.toUpperCase())]) {
      const manifest = await client.ask("GET", "team/app", "manifests/1");
      assert.ok(manifest.body.equals(image.bytes));
      const blob = await client.ask("GET", "team/app", `blobs/${digestOf(image.layer)}`);
      assert.ok(blob.body.equals(image.layer));
    }
    await byPath.pushImage("other", "1");
    assertStatus(await byHost.ask("GET", "other", "manifests/1"), 200);
  });

  it("spells Location and Link as the client does, and they lead back", async () => {
    for (const [client, prefix] of [
      [byPath, "/v2/shop/team/app"],
      [byHost, "/v2/team/app"],
    ] as const) {
      const bytes = someContent();
      const location = await client.startUpload("team/app");
      assert.ok(location.startsWith(`${prefix}/blobs/uploads/`), location);
      const patched = await client.send("PATCH", location, { body: bytes });
      assertStatus(patched, 202);
      assert.equal(locationOf(patched), location);
      const put = await client.send("PUT", withDigest(location, digestOf(bytes)));
      assert.equal(locationOf(put), `${prefix}/blobs/${digestOf(bytes)}`);
      assertStatus(await client.send("GET", locationOf(put)), 200);
      const image = await client.pushImage("team/app", "a");
      const manifest = await client.putManifest("team/app", "b", image.bytes);
      assert.equal(locationOf(manifest), `${prefix}/manifests/${image.digest}`);
      assertStatus(await client.send("GET", locationOf(manifest)), 200);
      const tags = await client.ask("GET", "team/app", "tags/list?n=1");
      assert.equal(nextOf(tags), `${prefix}/tags/list?n=1&last=1`);
      assert.equal((jsonOf(tags) as { name: string }).name, prefix.slice("/v2/".length));
    }
  });

  it("goes on with an upload by the other way of addressing it", async () => {
    const bytes = someContent(1000);
    const location = await byPath.startUpload("app");
    const other = location.replace("/v2/shop/", "/v2/");
    assertStatus(await byHost.send("PATCH", other, { body: bytes }), 202);
    assertStatus(await byPath.send("PUT", withDigest(location, digestOf(bytes))), 201);
  });

  it("mounts by the names that the host gives to repositories", async () => {
    const digest = await byHost.pushBlob("source", someContent());
    const rest = `blobs/uploads/?mount=${digest}&from=source`;
    assertStatus(await byHost.ask("POST", "target", rest), 201);
  });

  it("names the scope as the client names the repository, and issues bearer tokens for it", async () => {
    await byPath.pushImage("app", "1");
    for (const [client, name] of [
      [byPath, "shop/app"],
      [byHost, "app"],
    ] as const) {
      const challenge = await client.anonymous().ask("GET", "app", "manifests/1");
      const header = challenge.headers["www-authenticate"] ?? "";
      assert.ok(header.includes(`scope="repository:${name}:pull"`), header);
      const service = /service="([^"]*)"/.exec(header)?.[1] ?? assert.fail(header);
      const query = new URLSearchParams({ service, scope: `repository:${name}:pull` });
      const answer = await send(under.server.url, "GET", `/token?${query}`, {
        headers: { authorization: basic(under.token) },
      });
      const { token } = jsonOf(answer) as { token: string };
      const pulled = await client
        .anonymous()
        .ask("GET", "app", "manifests/1", { headers: bearing(token) });
      assertStatus(pulled, 200);
    }
  });

  it("on its own host is the only one", async () => {
    await makeRegistry(under.server.url, "bazaar");
    await byPath.pushImage("app", "1");
    const strange = byPath.onHost("bazaar.cr.de-fra.localhost");
    assertRefused(await strange.ask("GET", "app", "manifests/1"), 404, "NAME_UNKNOWN");
    assertRefused(await byHost.ask("GET", "shop/app", "manifests/1"), 404, "MANIFEST_UNKNOWN");
    const unknown = byPath.onHost("nothing.cr.de-fra.localhost");
    assertRefused(await unknown.ask("GET", "app", "manifests/1"), 404, "NAME_UNKNOWN");
  });

  it("may have repositories that are named like endpoints, and names of 255 characters", async () => {
    const long = `${"a/".repeat(120)}${"b".repeat(15)}`;
    assert.equal(long.length, 255);
    for (const name of [
      "blobs/uploads",
      "manifests/tags",
      "tags/list",
      "_catalog".slice(1),
      long,
    ]) {
      for (const client of [byPath, byHost]) {
        const image = await client.pushImage(name, "1");
        const pulled = await client.ask("GET", name, "manifests/1");
        assert.ok(pulled.body.equals(image.bytes), name);
        assertStatus(await client.ask("GET", name, "tags/list"), 200);
      }
    }
    const answer = await byHost.ask("GET", `${long}b`, "tags/list");
    assertRefused(answer, 400, "NAME_INVALID");
  });

  it("takes paths in which characters are percent-encoded", async () => {
    const { digest } = await byPath.pushImage("team/app", "1");
    const encoded = digest.replace(":", "%3A");
    assertStatus(await byPath.ask("GET", "team/app", `manifests/${encoded}`), 200);
    assertStatus(await byPath.send("GET", "/v2/%73hop/team/%61pp/manifests/%31"), 200);
    const unknown = UNKNOWN_DIGEST.replace(":", "%3a");
    const blob = await byPath.ask("GET", "team/app", `blobs/${unknown}`);
    assertRefused(blob, 404, "BLOB_UNKNOWN");
  });
});
