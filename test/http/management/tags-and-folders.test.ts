import assert from "node:assert/strict";
import { tagsResponse, treeResponse } from "@moorage/core/contract/tree";
import { CONFIG_TYPE, descriptorOf, manifestBytes, OCI_INDEX } from "../../support/content.ts";
import { assertStatus } from "../../support/distribution-client.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { makeRegistry, manage } from "../../support/management.ts";
import { answeredExactly, refused } from "../../support/management-answer.ts";

describe("tags on the management API", () => {
  let local: LocalRegistry;
  let base: string;
  before(async () => {
    local = await LocalRegistry.start();
    base = `/registries/${local.registry.id}/repositories/team%2Fapp/tags`;
  });
  after(() => local.close());

  const list = async (query = "") =>
    answeredExactly(await manage(local.url, "GET", `${base}${query}`), 200, tagsResponse);

  /** Pushes an image that says where it runs, and returns its manifest. */
  async function pushFor(platform: object, reference?: string): Promise<Buffer> {
    const { client } = local;
    const config = Buffer.from(JSON.stringify({ ...platform, rootfs: { type: "layers" } }));
    await client.pushBlob("team/app", config);
    const document = { config: descriptorOf(CONFIG_TYPE, config), layers: [] };
    return (await client.pushImage("team/app", reference, document)).bytes;
  }

  it("show digest, media type, platforms, size and times", async () => {
    const arm = await pushFor({ os: "linux", architecture: "arm64", variant: "v8" }, "arm");
    const intel = await pushFor({ os: "linux", architecture: "amd64" });
    const child = (bytes: Buffer, platform?: object) => ({
      ...descriptorOf("application/vnd.oci.image.manifest.v1+json", bytes),
      ...(platform && { platform }),
    });
    const index = manifestBytes({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [
        child(intel, { os: "linux", architecture: "amd64" }),
        child(arm, { os: "linux", architecture: "arm64", variant: "v8" }),
        child(arm, { os: "unknown", architecture: "unknown" }),
        child(arm),
      ],
    });
    assertStatus(await local.client.putManifest("team/app", "all", index, OCI_INDEX), 201);
    await pushFor({ os: ["linux"], architecture: "<script>" }, "odd");
    const page = await list();
    assert.deepEqual([page.id, page.type], ["tags", "collection"]);
    assert.deepEqual(page.pagination, { limit: 100, token: "" });
    assert.deepEqual(
      page.items.map(({ tag, platforms }) => [tag, platforms]),
      [
        ["all", ["linux/amd64", "linux/arm64/v8"]],
        ["arm", ["linux/arm64/v8"]],
        ["odd", []],
      ],
    );
    const [all, one] = page.items;
    const configBytes = (bytes: Buffer) => JSON.parse(bytes.toString()).config.size as number;
    assert.equal(one?.bytes, arm.byteLength + configBytes(arm));
    assert.equal(
      all?.bytes,
      index.byteLength + (one?.bytes ?? 0) + intel.byteLength + configBytes(intel),
    );
    assert.deepEqual([all?.mediaType, all?.pulledAt], [OCI_INDEX, null]);
    assert.equal(all?.digest, descriptorOf(OCI_INDEX, index).digest);
    assert.match(all?.pushedAt ?? "", /Z$/);
  });

  it("come page by page, by a token that belongs to their own repository", async () => {
    await local.client.pushImage("team/app", "z.1");
    await local.client.pushImage("other", "a");
    await local.client.pushImage("other", "b");
    const seen: string[] = [];
    let token = "";
    do {
      const page = await list(`?limit=1&pagination.token=${encodeURIComponent(token)}`);
      seen.push(...page.items.map(({ tag }) => tag));
      ({ token } = page.pagination);
    } while (token !== "");
    assert.deepEqual(
      seen,
      (await list()).items.map(({ tag }) => tag),
    );
    const other = `/registries/${local.registry.id}/repositories/other/tags?limit=1`;
    const answer = await manage(local.url, "GET", other);
    const foreign = (await answeredExactly(answer, 200, tagsResponse)).pagination.token;
    assert.notEqual(foreign, "");
    for (const bad of [foreign, "all", "x.y"]) {
      const refusal = await manage(local.url, "GET", `${base}?pagination.token=${bad}`);
      assert.deepEqual(await refused(refusal, 400), ["page-invalid"], bad);
    }
  });

  it("are of a repository that is there", async () => {
    const path = `/registries/${local.registry.id}/repositories/nothing/tags`;
    assert.deepEqual(await refused(await manage(local.url, "GET", path), 404), [
      "repository-unknown",
    ]);
  });
});

describe("the tree of repositories on the management API", () => {
  let local: LocalRegistry;
  let base: string;
  before(async () => {
    local = await LocalRegistry.start();
    base = `/registries/${local.registry.id}/tree`;
    for (const name of ["app", "team/api", "team/web", "team/web/extra", "zebra"]) {
      await local.client.pushImage(name, "v1");
    }
    await local.client.pushImage("app", "v2");
  });
  after(() => local.close());

  const list = async (query = "") =>
    answeredExactly(await manage(local.url, "GET", `${base}${query}`), 200, treeResponse);

  it("shows folders and repositories one level down, with tags and bytes", async () => {
    const root = await list();
    assert.deepEqual([root.id, root.type], ["tree", "collection"]);
    const shape = (page: typeof root) =>
      page.items.map(({ type, name, path, tagCount }) => [type, name, path, tagCount]);
    assert.deepEqual(shape(root), [
      ["repository", "app", "app", 2],
      ["folder", "team", "team/", 3],
      ["repository", "zebra", "zebra", 1],
    ]);
    const team = await list("?path=team/");
    assert.deepEqual(shape(team), [
      ["repository", "api", "team/api", 1],
      ["repository", "web", "team/web", 1],
      ["folder", "web", "team/web/", 1],
    ]);
    const sum = team.items.reduce((bytes, item) => bytes + item.bytes, 0);
    assert.equal(root.items[1]?.bytes, sum);
    assert.ok(team.items.every(({ bytes }) => bytes > 100));
    assert.deepEqual((await list("?path=none/")).items, []);
  });

  it("adds up to what the registry stores where no two repositories share a blob", async () => {
    const answer = await manage(local.url, "GET", `/registries/${local.registry.id}`);
    const { properties } = (await answer.json()) as {
      properties: { storageUsage: { bytes: number } };
    };
    const sum = (await list()).items.reduce((bytes, item) => bytes + item.bytes, 0);
    assert.equal(sum, properties.storageUsage.bytes);
  });

  it("comes page by page, by a token of the same folder", async () => {
    const seen: string[] = [];
    let token = "";
    do {
      const page = await list(`?limit=1&pagination.token=${encodeURIComponent(token)}`);
      seen.push(...page.items.map(({ path }) => path));
      ({ token } = page.pagination);
    } while (token !== "");
    assert.deepEqual(seen, ["app", "team/", "zebra"]);
    const { pagination } = await list("?path=team/&limit=1");
    const query = `?pagination.token=${encodeURIComponent(pagination.token)}`;
    assert.equal((await list(`${query}&path=team/`)).items[0]?.path, "team/web");
    assert.deepEqual(await refused(await manage(local.url, "GET", base + query), 400), [
      "page-invalid",
    ]);
  });

  it("is that of one registry alone", async () => {
    const other = await makeRegistry(local.url, "other");
    const answer = await manage(local.url, "GET", `/registries/${other.id}/tree`);
    assert.deepEqual((await answeredExactly(answer, 200, treeResponse)).items, []);
  });
});
