import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { repositoriesResponse, repository } from "@moorage/core/contract/repository";
import { assertStatus } from "../../support/distribution-client.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { makeRegistry, manage } from "../../support/management.ts";
import { answeredExactly, empty, refused } from "../../support/management-answer.ts";

const NAMES = ["app", "team/api", "team/web"];

describe("repositories on the management API", () => {
  let local: LocalRegistry;
  let base: string;
  before(async () => {
    local = await LocalRegistry.start();
    base = `/registries/${local.registry.id}/repositories`;
    for (const name of NAMES) {
      await local.client.pushImage(name, "v1");
    }
    await local.client.pushImage("team/web", "v2");
    await local.client.pushImage("app", "v2");
    await local.client.pushBlob("only/blobs", Buffer.from("nothing refers to this"));
  });
  after(() => local.close());

  const get = (path: string) => manage(local.url, "GET", path);
  const list = async (query = "") =>
    answeredExactly(await get(`${base}${query}`), 200, repositoriesResponse);
  const namesOf = async (query = "") => ((await list(query)).items ?? []).map(({ id }) => id);

  it("are listed with every field of the contract, those pushed to last first", async () => {
    const page = await list();
    assert.equal(page.id, "repositories");
    assert.equal(page.type, "collection");
    assert.equal(page.href, `${local.context.settings.publicUrl}/containerregistries${base}`);
    assert.deepEqual([page.offset, page.limit], [0, 100]);
    assert.deepEqual(page._links, { self: `${page.href}?offset=0&limit=100` });
    assert.deepEqual(
      page.items?.map(({ id }) => id),
      ["app", "team/web", "team/api"],
    );
    const item = page.items?.[1];
    assert.equal(item?.type, "repository");
    assert.equal(item.href, `${page.href}/team%2Fweb`);
    assert.deepEqual(item.properties, { name: "team/web" });
    const { createdDate, lastPushedAt, ...counts } = item.metadata;
    assert.deepEqual(counts, {
      artifactCount: 2,
      pullCount: 0,
      pushCount: 2,
      lastPulledAt: null,
      lastSeverity: "unknown",
    });
    for (const time of [createdDate, lastPushedAt]) {
      assert.match(time ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    }
  });

  it("are found alone, by a name whose slashes are percent-encoded", async () => {
    for (const name of NAMES) {
      for (const path of [encodeURIComponent(name), encodeURIComponent(name).toLowerCase()]) {
        const found = await answeredExactly(await get(`${base}/${path}`), 200, repository);
        assert.deepEqual([found.id, found.properties.name], [name, name]);
        const listed = (await list()).items?.find(({ id }) => id === name);
        assert.deepEqual(found, listed);
      }
    }
    const path = await get(`${base}/%74eam%2fweb`);
    assert.equal((await answeredExactly(path, 200, repository)).id, "team/web");
  });

  it("are absent while they hold no manifest, or are not there", async () => {
    const other = await makeRegistry(local.url, "other");
    for (const path of [
      `${base}/only%2Fblobs`,
      `${base}/nothing`,
      `/registries/${other.id}/repositories/app`,
    ]) {
      assert.deepEqual(await refused(await get(path), 404), ["repository-unknown"], path);
    }
    for (const path of ["", "/app"]) {
      const answer = await get(`/registries/${randomUUID()}/repositories${path}`);
      assert.deepEqual(await refused(answer, 404), ["registry-unknown"], path);
    }
    assert.deepEqual(await refused(await get(`${base}/team/web`), 404), ["route-unknown"]);
  });

  it("are refused by a malformed name or id, whatever is asked of them", async () => {
    for (const name of ["App", "a%20b", "-a", "a%2F", "%2Fa", "a%00b", "a".repeat(256)]) {
      for (const method of ["GET", "DELETE"]) {
        const answer = await manage(local.url, method, `${base}/${name}`);
        assert.deepEqual(await refused(answer, 400), ["repository-name-invalid"], name);
      }
    }
    for (const path of ["", "/app"]) {
      const answer = await get(`/registries/no-uuid/repositories${path}`);
      assert.deepEqual(await refused(answer, 400), ["invalid-id"]);
    }
    assert.deepEqual(await refused(await get(`${base}/%zz`), 400), ["path-invalid"]);
  });

  it("come in every order of the contract", async () => {
    for (const order of ["lastPush", "lastPull", "artifactCount", "pullCount", "pushCount"]) {
      const ascending = await namesOf(`?orderBy=${order}`);
      assert.deepEqual(ascending.toSorted(), NAMES, order);
      assert.deepEqual(await namesOf(`?orderBy=-${order}`), ascending.toReversed(), order);
    }
    assert.deepEqual(await namesOf("?orderBy=name"), NAMES);
    assert.deepEqual(await namesOf("?orderBy=lastPush"), ["team/api", "team/web", "app"]);
    assert.equal((await namesOf("?orderBy=pushCount"))[0], "team/api");
  });

  it("lead from page to page and back by links, which keep the order and the filters", async () => {
    const seen: string[] = [];
    let query: string | undefined = "?limit=1&orderBy=name&filter.name=E";
    for (let offset = 0; query !== undefined; offset++) {
      const page = await list(query);
      seen.push(...(page.items ?? []).map(({ id }) => id));
      const { prev, self, next } = page._links;
      assert.equal(new URL(self ?? "").searchParams.get("offset"), String(offset));
      assert.equal(prev !== undefined, offset > 0);
      if (prev !== undefined) {
        assert.deepEqual(await namesOf(new URL(prev).search), seen.slice(offset - 1, offset));
      }
      query = next === undefined ? undefined : new URL(next).search;
    }
    assert.deepEqual(seen, ["team/api", "team/web"]);
    assert.deepEqual(await namesOf("?offset=3"), []);
    assert.deepEqual((await list("?offset=1&limit=5"))._links.prev?.includes("offset=0"), true);
  });

  it("are filtered by name and severity; unknown parameters are passed over", async () => {
    assert.deepEqual(await namesOf("?filter.name=TEAM/W"), ["team/web"]);
    assert.deepEqual(await namesOf("?filter.name=%25"), []);
    assert.deepEqual(await namesOf("?filter.vulnerabilitySeverity=high"), []);
    assert.equal((await namesOf("?filter.vulnerabilitySeverity=unknown")).length, 3);
    assert.equal((await namesOf("?maxResults=1&depth=2&order-by=x&filter.other=y")).length, 3);
  });

  it("are deleted with all that they hold, and nothing else", async () => {
    await local.client.pushImage("doomed/one", "v1");
    await local.client.pushImage("doomed/one-more", "v1");
    const remove = (name: string) =>
      manage(local.url, "DELETE", `${base}/${encodeURIComponent(name)}`);
    await empty(await remove("doomed/one"), 204);
    assert.deepEqual(await refused(await remove("doomed/one"), 404), ["repository-unknown"]);
    assertStatus(await local.client.ask("GET", "doomed/one", "manifests/v1"), 404);
    assertStatus(await local.client.ask("GET", "doomed/one-more", "manifests/v1"), 200);
    assert.deepEqual(await refused(await get(`${base}/doomed%2Fone`), 404), ["repository-unknown"]);
    await empty(await remove("doomed/one-more"), 204);
    await empty(await remove("only/blobs"), 204);
    assert.deepEqual(await namesOf("?orderBy=name"), NAMES);
  });
});
