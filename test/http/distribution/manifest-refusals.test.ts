import assert from "node:assert/strict";
import {
  CONFIG_TYPE,
  DOCKER_MANIFEST,
  descriptorOf,
  LAYER_TYPE,
  manifestBytes,
  OCI_INDEX,
  OCI_MANIFEST,
  someContent,
  UNKNOWN_DIGEST,
} from "../../support/content.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
  type PushedImage,
} from "../../support/distribution-client.ts";
import { type Answer, jsonOf } from "../../support/http-request.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

describe("a manifest is refused, and nothing of it kept,", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;
  let image: PushedImage;

  before(async () => {
    under = await startRegistry();
    client = under.client;
    image = await client.pushImage("app", "image");
  });
  after(() => under.server.stop());

  async function push(body: object | string, mediaType = OCI_MANIFEST): Promise<Answer> {
    const bytes = typeof body === "string" ? body : manifestBytes(body);
    const answer = await client.putManifest("app", "refused", bytes, mediaType);
    assertStatus(await client.ask("GET", "app", "manifests/refused"), 404);
    return answer;
  }

  function imageWith(more: object): object {
    return {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: descriptorOf(CONFIG_TYPE, image.config),
      layers: [descriptorOf(LAYER_TYPE, image.layer)],
      ...more,
    };
  }

  for (const [what, body] of [
    ["when it is empty", ""],
    ["when it is not JSON", "{"],
    ["when it is JSON of another kind", "[]"],
    ["when it is null", "null"],
    ["when it is nested endlessly", `{"a":${"[".repeat(100_000)}`],
    ["when a key would be an object's prototype", '{"__proto__":{"schemaVersion":2}}'],
  ] as const) {
    it(what, async () => {
      assertRefused(await push(body), 400, "MANIFEST_INVALID");
    });
  }

  for (const [what, more] of [
    ["without a config", { config: undefined }],
    ["with a layer's digest that is none", { layers: [{ ...someLayer(), digest: "sha256:1" }] }],
    ["of schema version 1", { schemaVersion: 1 }],
    ["with both layers and manifests (CVE-2021-41190)", { manifests: [] }],
  ] as const) {
    it(what, async () => {
      assertRefused(await push(imageWith(more)), 400, "MANIFEST_INVALID");
    });
  }

  it("when an index also has layers (CVE-2021-41190)", async () => {
    const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [], layers: [] };
    assertRefused(await push(index, OCI_INDEX), 400, "MANIFEST_INVALID");
  });

  it("when its mediaType is not the request's Content-Type (image-spec 1.1, mediaType)", async () => {
    assertRefused(await push(imageWith({}), DOCKER_MANIFEST), 400, "MANIFEST_INVALID");
    assertRefused(await push(imageWith({}), OCI_INDEX), 400, "MANIFEST_INVALID");
  });

  it("when it is of a type that no registry of this kind takes", async () => {
    for (const mediaType of [
      "application/json",
      "text/plain",
      "application/vnd.docker.distribution.manifest.v1+prettyjws",
      "application/vnd.docker.distribution.manifest.v1+json",
    ]) {
      assertRefused(await push({ schemaVersion: 2 }, mediaType), 400, "MANIFEST_INVALID");
    }
  });

  it("when blobs are missing, each of which is listed (Pushing Manifests)", async () => {
    const missing = [someContent(), someContent()].map((bytes) => descriptorOf(LAYER_TYPE, bytes));
    const layers = [descriptorOf(LAYER_TYPE, image.layer), ...missing];
    const answer = await push(imageWith({ layers }));
    assertRefused(answer, 404, "MANIFEST_BLOB_UNKNOWN");
    const { errors } = jsonOf(answer) as { errors: { detail: { digests: string[] } }[] };
    assert.deepEqual(
      errors[0]?.detail.digests.toSorted(),
      missing.map(({ digest }) => digest).toSorted(),
    );
  });

  it("when its config is missing, or in another repository", async () => {
    const config = descriptorOf(CONFIG_TYPE, someContent());
    assertRefused(await push(imageWith({ config })), 404, "MANIFEST_BLOB_UNKNOWN");
    const elsewhere = someContent();
    await client.pushBlob("elsewhere", elsewhere);
    const borrowed = descriptorOf(CONFIG_TYPE, elsewhere);
    assertRefused(await push(imageWith({ config: borrowed })), 404, "MANIFEST_BLOB_UNKNOWN");
  });

  it("when a blob has been deleted meanwhile", async () => {
    const bytes = someContent();
    const digest = await client.pushBlob("app", bytes);
    assertStatus(await client.ask("DELETE", "app", `blobs/${digest}`), 202);
    const layers = [descriptorOf(LAYER_TYPE, bytes)];
    assertRefused(await push(imageWith({ layers })), 404, "MANIFEST_BLOB_UNKNOWN");
  });

  it("when an index's child is missing, or is a blob", async () => {
    for (const digest of [UNKNOWN_DIGEST, descriptorOf(LAYER_TYPE, image.layer).digest]) {
      const manifests = [{ mediaType: OCI_MANIFEST, digest, size: 7 }];
      const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests };
      assertRefused(await push(index, OCI_INDEX), 404, "MANIFEST_BLOB_UNKNOWN");
    }
  });

  it("when what a layer says to be a blob is a manifest", async () => {
    const layers = [{ mediaType: LAYER_TYPE, digest: image.digest, size: image.bytes.length }];
    assertRefused(await push(imageWith({ layers })), 404, "MANIFEST_BLOB_UNKNOWN");
  });

  it("under a tag or a digest that is none", async () => {
    for (const [reference, code] of [
      [".hidden", "TAG_INVALID"],
      ["x".repeat(129), "TAG_INVALID"],
      ["sha256:12", "DIGEST_INVALID"],
      ["md5:00000000000000000000000000000000", "DIGEST_INVALID"],
    ] as const) {
      const answer = await client.putManifest("app", reference, manifestBytes(imageWith({})));
      assertRefused(answer, 400, code);
    }
  });
});

describe("a layer that may be had elsewhere", () => {
  let under: RegistryUnderTest;

  before(async () => {
    under = await startRegistry();
  });
  after(() => under.server.stop());

  it("need not be in the repository", async () => {
    const foreign = { ...someLayer(), urls: ["https://content.example/layer"] };
    const { bytes } = await under.client.pushImage("app", "1", { layers: [foreign] });
    const pulled = await under.client.ask("GET", "app", "manifests/1");
    assert.ok(pulled.body.equals(bytes));
  });
});

/** A layer that nobody has. */
function someLayer() {
  return descriptorOf(LAYER_TYPE, someContent());
}
