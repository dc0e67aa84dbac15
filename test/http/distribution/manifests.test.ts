import assert from "node:assert/strict";
import {
  CONFIG_TYPE,
  DOCKER_LIST,
  DOCKER_MANIFEST,
  descriptorOf,
  digestOf,
  LAYER_TYPE,
  manifestBytes,
  OCI_ARTIFACT,
  OCI_INDEX,
  OCI_MANIFEST,
  someContent,
  UNKNOWN_DIGEST,
} from "../../support/content.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
  locationOf,
  type PushedImage,
} from "../../support/distribution-client.ts";
import type { Answer } from "../../support/http-request.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

describe("a manifest", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;
  let image: PushedImage;

  before(async () => {
    under = await startRegistry();
    client = under.client;
    image = await client.pushImage("app", "image");
  });
  after(() => under.server.stop());

  function get(reference: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return client.ask("GET", "app", `manifests/${reference}`, { headers });
  }

  function assertIs(answer: Answer, bytes: Buffer, mediaType: string): void {
    assertStatus(answer, 200);
    assert.equal(answer.headers["content-type"], mediaType);
    assert.equal(answer.headers["docker-content-digest"], digestOf(bytes));
    assert.equal(answer.headers["etag"], `"${digestOf(bytes)}"`);
    assert.equal(answer.headers["content-length"], String(bytes.length));
  }

  /** A document of each media type that refers to nothing but what is there. */
  function documentOf(mediaType: string): object {
    const config = descriptorOf(CONFIG_TYPE, image.config);
    const layer = descriptorOf(LAYER_TYPE, image.layer);
    const child = { mediaType: OCI_MANIFEST, digest: image.digest, size: image.bytes.length };
    const note = someContent(8).toString("hex");
    switch (mediaType) {
      case OCI_INDEX:
      case DOCKER_LIST:
        return { schemaVersion: 2, mediaType, manifests: [child], annotations: { note } };
      case OCI_ARTIFACT:
        return { mediaType, artifactType: "text/x", blobs: [layer], annotations: { note } };
      default:
        return { schemaVersion: 2, mediaType, config, layers: [layer], annotations: { note } };
    }
  }

  for (const mediaType of [OCI_MANIFEST, OCI_INDEX, OCI_ARTIFACT, DOCKER_MANIFEST, DOCKER_LIST]) {
    it(`of type ${mediaType} is kept byte for byte (Pushing Manifests, Pulling manifests)`, async () => {
      const bytes = manifestBytes(documentOf(mediaType));
      const tag = `t${digestOf(bytes).slice(7, 15)}`;
      const put = await client.putManifest("app", tag, bytes, mediaType);
      assertStatus(put, 201);
      assert.equal(put.headers["docker-content-digest"], digestOf(bytes));
      assert.equal(locationOf(put), `/v2/shop/app/manifests/${digestOf(bytes)}`);
      assert.equal(put.headers["oci-subject"], undefined);
      for (const reference of [tag, digestOf(bytes)]) {
        const pulled = await get(reference, { accept: mediaType });
        assertIs(pulled, bytes, mediaType);
        assert.ok(pulled.body.equals(bytes));
        const head = await client.ask("HEAD", "app", `manifests/${reference}`);
        assertIs(head, bytes, mediaType);
        assert.equal(head.body.length, 0);
      }
    });
  }

  it("is pushed by digest without a tag", async () => {
    const bytes = manifestBytes(documentOf(OCI_MANIFEST));
    assertStatus(await client.putManifest("bydigest", digestOf(bytes), bytes), 404);
    const { digest } = await client.pushImage("bydigest");
    const tags = await client.ask("GET", "bydigest", "tags/list");
    assert.deepEqual(JSON.parse(tags.body.toString()).tags, []);
    assertStatus(await client.ask("GET", "bydigest", `manifests/${digest}`), 200);
  });

  it("is pushed and pulled by sha512", async () => {
    const bytes = manifestBytes(documentOf(OCI_MANIFEST));
    const digest = digestOf(bytes, "sha512");
    const put = await client.putManifest("app", digest, bytes);
    assertStatus(put, 201);
    assert.equal(put.headers["docker-content-digest"], digest);
    assert.ok((await get(digest)).body.equals(bytes));
  });

  it("is not pushed under a digest that is not its own", async () => {
    const bytes = manifestBytes(documentOf(OCI_MANIFEST));
    for (const digest of [UNKNOWN_DIGEST, `sha512:${"0".repeat(128)}`]) {
      assertRefused(await client.putManifest("app", digest, bytes), 400, "DIGEST_INVALID");
    }
    assertRefused(await get(digestOf(bytes)), 404, "MANIFEST_UNKNOWN");
  });

  it("that nobody pushed is 404, by tag and digest, to GET and HEAD", async () => {
    for (const reference of ["nothing", UNKNOWN_DIGEST]) {
      assertRefused(await get(reference), 404, "MANIFEST_UNKNOWN");
      const head = await client.ask("HEAD", "app", `manifests/${reference}`);
      assertStatus(head, 404);
      assert.equal(head.body.length, 0);
    }
    const elsewhere = await client.ask("GET", "elsewhere", `manifests/${image.digest}`);
    assertRefused(elsewhere, 404, "MANIFEST_UNKNOWN");
  });

  it("known to the client already is not sent again (RFC 9110, If-None-Match)", async () => {
    for (const reference of ["image", image.digest]) {
      const same = await get(reference, { "if-none-match": `"${image.digest}"` });
      assertStatus(same, 304);
      assert.equal(same.headers["docker-content-digest"], image.digest);
      assert.equal(same.headers["content-length"], undefined);
      assert.equal(same.body.length, 0);
      assertStatus(await get(reference, { "if-none-match": `"${UNKNOWN_DIGEST}"` }), 200);
    }
  });

  it("is sent whatever the client says that it accepts, on one line or several", async () => {
    for (const accept of [OCI_INDEX, "*/*", `${DOCKER_MANIFEST}, ${OCI_MANIFEST};q=0.1`]) {
      assertIs(await get("image", { accept }), image.bytes, OCI_MANIFEST);
    }
  });

  it("moves its tag with the next push, and stays where it was by digest", async () => {
    const first = await client.pushImage("moving", "latest");
    const second = await client.pushImage("moving", "latest");
    const latest = await client.ask("GET", "moving", "manifests/latest");
    assert.equal(latest.headers["docker-content-digest"], second.digest);
    const old = await client.ask("GET", "moving", `manifests/${first.digest}`);
    assert.ok(old.body.equals(first.bytes));
  });

  it("of a build cache lists layers in an index, as BuildKit does, and needs them", async () => {
    const entries = [someContent(), someContent()];
    const types = [
      "application/vnd.docker.image.rootfs.diff.tar.gzip",
      "application/vnd.buildkit.cacheconfig.v0",
    ];
    for (const mediaType of [OCI_INDEX, DOCKER_LIST]) {
      const manifests = entries.map((bytes, at) => descriptorOf(types[at] ?? "", bytes));
      const bytes = manifestBytes({ schemaVersion: 2, mediaType, manifests });
      const refused = await client.putManifest("caches", "cache", bytes, mediaType);
      assertRefused(refused, 404, "MANIFEST_BLOB_UNKNOWN");
      for (const entry of entries) {
        await client.pushBlob("caches", entry);
      }
      assertStatus(await client.putManifest("caches", "cache", bytes, mediaType), 201);
      const pulled = await client.ask("GET", "caches", "manifests/cache");
      assertIs(pulled, bytes, mediaType);
      for (const entry of entries) {
        assertStatus(await client.ask("DELETE", "caches", `blobs/${digestOf(entry)}`), 202);
      }
    }
  });

  it("that an index lists stays when the index's tag moves", async () => {
    const child = await client.pushImage("multi");
    const index = manifestBytes({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [{ mediaType: OCI_MANIFEST, digest: child.digest, size: child.bytes.length }],
    });
    assertStatus(await client.putManifest("multi", "latest", index, OCI_INDEX), 201);
    await client.pushImage("multi", "latest");
    for (const digest of [child.digest, digestOf(index)]) {
      assertStatus(await client.ask("GET", "multi", `manifests/${digest}`), 200);
    }
  });

  it("that names a subject has it confirmed, there or not (Pushing Manifests with Subject)", async () => {
    for (const subject of [image.digest, UNKNOWN_DIGEST]) {
      const bytes = manifestBytes({
        ...documentOf(OCI_MANIFEST),
        subject: { mediaType: OCI_MANIFEST, digest: subject, size: 7 },
      });
      const put = await client.putManifest("app", digestOf(bytes), bytes);
      assertStatus(put, 201);
      assert.equal(put.headers["oci-subject"], subject);
    }
  });

  it("may take its media type from the request, or from itself", async () => {
    const { mediaType: _, ...untyped } = documentOf(OCI_MANIFEST) as Record<string, unknown>;
    const bytes = manifestBytes(untyped);
    const withParameter = `${OCI_MANIFEST}; charset=utf-8`;
    assertStatus(await client.putManifest("app", "untyped", bytes, withParameter), 201);
    assertIs(await get("untyped"), bytes, OCI_MANIFEST);
    const typed = manifestBytes(documentOf(OCI_MANIFEST));
    const put = await client.ask("PUT", "app", "manifests/typed", { body: typed });
    assertStatus(put, 201);
    assertIs(await get("typed"), typed, OCI_MANIFEST);
  });

  it("of exactly 4 MiB is taken, and one byte more is 413", async () => {
    const bytesMax = 4 * 1024 * 1024;
    const text = JSON.stringify(documentOf(OCI_MANIFEST));
    const full = Buffer.from(text.padEnd(bytesMax, " "));
    assertStatus(await client.putManifest("app", "full", full), 201);
    assert.ok((await get("full")).body.equals(full));
    const over = Buffer.from(text.padEnd(bytesMax + 1, " "));
    assertRefused(await client.putManifest("app", "over", over), 413, "MANIFEST_INVALID");
    async function* unannounced() {
      yield over;
    }
    const streamed = await client.ask("PUT", "app", "manifests/over", {
      body: unannounced(),
      headers: { "content-type": OCI_MANIFEST },
    });
    assertRefused(streamed, 413, "MANIFEST_INVALID");
    assertRefused(await get("over"), 404, "MANIFEST_UNKNOWN");
  });
});
