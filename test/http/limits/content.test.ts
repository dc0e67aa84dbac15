import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  MANAGEMENT_BODY_BYTES_MAX,
  MANIFEST_BYTES_MAX,
  MANIFEST_DESCRIPTORS_MAX,
  UPLOADS_PER_REGISTRY_MAX,
} from "../../../provider/server/src/domain/limits.ts";
import {
  CONFIG_TYPE,
  descriptorOf,
  LAYER_TYPE,
  manifestBytes,
  OCI_MANIFEST,
  someContent,
} from "../../support/content.ts";
import { assertRefused, assertStatus } from "../../support/distribution-client.ts";
import { send } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, OWNER } from "../../support/management.ts";

const MANY_UPLOADS = `
  with recursive numbers (number) as (select 1 union all select number + 1 from numbers where number < ?)
  insert into uploads
    (registry_key, id, repository, started_by, storage_key, durable_offset, started_at, touched_at)
  select registries.key, printf('upload-%016d', number), 'app', 'user:1', printf('key-%016d', number), 0, 0, 0
    from numbers, registries where registries.id = ?`;

describe("the limits of content", function () {
  this.timeout(60_000);
  let local: LocalRegistry;
  let config: Buffer;

  before(async () => {
    local = await LocalRegistry.start();
    config = someContent();
    await local.client.pushBlob("app", config);
  });
  after(() => local.close());

  const manifestWith = (more: object) =>
    manifestBytes({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: descriptorOf(CONFIG_TYPE, config),
      layers: [descriptorOf(LAYER_TYPE, config)],
      ...more,
    });
  /** A manifest of exactly so many bytes. */
  const manifestOf = (bytes: number) => {
    const empty = manifestWith({ annotations: { filler: "" } }).byteLength;
    return manifestWith({ annotations: { filler: "x".repeat(bytes - empty) } });
  };

  it("take a manifest of 4 MiB, and none of a byte more", async () => {
    const longest = manifestOf(MANIFEST_BYTES_MAX);
    assertStatus(await local.client.putManifest("app", "1", longest), 201);
    const pulled = await local.client.ask("GET", "app", "manifests/1");
    assert.ok(pulled.body.equals(longest));
    const longer = manifestOf(MANIFEST_BYTES_MAX + 1);
    assertRefused(await local.client.putManifest("app", "2", longer), 413, "MANIFEST_INVALID");
  });

  it("refuse a manifest without an announced length as soon as it is too long", async () => {
    async function* endless() {
      for (;;) {
        yield Buffer.alloc(64 * 1024, " ");
      }
    }
    const answer = await local.client.ask("PUT", "app", "manifests/3", {
      headers: { "content-type": OCI_MANIFEST },
      body: endless(),
    });
    assertRefused(answer, 413, "MANIFEST_INVALID");
  });

  it("refuse a manifest with more descriptors than any", async () => {
    const layer = descriptorOf(LAYER_TYPE, config);
    const many = manifestWith({ layers: Array(MANIFEST_DESCRIPTORS_MAX + 1).fill(layer) });
    assert.ok(many.byteLength < MANIFEST_BYTES_MAX);
    assertRefused(await local.client.putManifest("app", "4", many), 400, "MANIFEST_INVALID");
  });

  it("refuse a management request with a longer body than any", async () => {
    const answer = await send(local.url, "POST", "/containerregistries/registries", {
      headers: { authorization: basic(OWNER), "content-type": "application/json" },
      body: JSON.stringify({ filler: "x".repeat(MANAGEMENT_BODY_BYTES_MAX) }),
    });
    assertStatus(answer, 413);
  });

  it("refuse an upload beyond those that a registry may have under way, until one ends", async () => {
    const database = new DatabaseSync(join(local.dataDir, "metadata.sqlite"));
    try {
      // One by one, through the server, they would take a minute.
      database.prepare(MANY_UPLOADS).run(UPLOADS_PER_REGISTRY_MAX - 1, local.registryId);
    } finally {
      database.close();
    }
    const last = await local.client.startUpload("app");
    assertStatus(await local.client.send("PATCH", last, { body: "x" }), 202);
    // One that holds nothing costs nothing.
    const beyond = await local.client.startUpload("app");
    const append = () => local.client.send("PATCH", beyond, { body: "x" });
    assertRefused(await append(), 429, "TOOMANYREQUESTS");
    assertStatus(await local.client.send("DELETE", last), 204);
    assertStatus(await append(), 202);
  });
});
