import assert from "node:assert/strict";
import { type Artifact, artifact, artifactsResponse } from "@moorage/core/contract/artifact";
import { vulnerabilitiesResponse } from "@moorage/core/contract/vulnerability";
import { OCI_MANIFEST, UNKNOWN_DIGEST } from "../../support/content.ts";
import { assertStatus } from "../../support/distribution-client.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { manage } from "../../support/management.ts";
import { answeredExactly, empty, refused } from "../../support/management-answer.ts";

const ORDERS = ["pullCount", "pushCount", "lastPush", "lastPull", "lastScan", "vulnTotalCount"];

describe("artifacts on the management API", () => {
  let local: LocalRegistry;
  let all: string;
  let own: string;
  const digests: string[] = [];
  before(async () => {
    local = await LocalRegistry.start();
    all = `/registries/${local.registry.id}/artifacts`;
    own = `/registries/${local.registry.id}/repositories/team%2Fweb/artifacts`;
    for (const reference of ["v1", undefined, "v3"]) {
      digests.push((await local.client.pushImage("team/web", reference)).digest);
    }
    await local.client.pushImage("app", "v1");
    const { bytes } = await local.client.pushImage("team/web", "v4");
    assertStatus(await local.client.putManifest("team/web", "latest", bytes), 201);
  });
  after(() => local.close());

  const get = (path: string) => manage(local.url, "GET", path);
  const list = async (path: string) => answeredExactly(await get(path), 200, artifactsResponse);
  const itemsOf = async (path: string): Promise<Artifact[]> => (await list(path)).items ?? [];

  it("of a repository are listed with every field, those pushed last first", async () => {
    const page = await list(own);
    assert.deepEqual([page.id, page.type], ["artifacts", "collection"]);
    assert.deepEqual([page.offset, page.limit], [0, 100]);
    assert.deepEqual(page._links, { self: `${page.href}?offset=0&limit=100` });
    const [latest, ...others] = page.items ?? [];
    assert.deepEqual(
      others.map(({ id }) => id),
      digests.toReversed(),
    );
    assert.equal(latest?.type, "artifact");
    assert.equal(latest.href, `${page.href}/${encodeURIComponent(latest.id)}`);
    assert.deepEqual(latest.properties, {
      repositoryName: "team/web",
      digest: latest.id,
      tags: ["latest", "v4"],
      mediaType: OCI_MANIFEST,
    });
    const { createdDate, lastPushedAt, ...metadata } = latest.metadata;
    assert.deepEqual(metadata, {
      lastPulledAt: null,
      lastScannedAt: null,
      pushCount: 2,
      pullCount: 0,
      vulnMaxSeverity: "unknown",
      vulnTotalScore: 0,
      vulnTotalCount: 0,
      vulnFixableCount: 0,
    });
    assert.ok(Date.parse(lastPushedAt) >= Date.parse(createdDate ?? ""));
    assert.deepEqual(others[1]?.properties.tags, []);
  });

  it("are found alone, by a digest whose colon is percent-encoded or not", async () => {
    const [digest = ""] = digests;
    for (const path of [digest, encodeURIComponent(digest), digest.replace(":", "%3a")]) {
      const found = await answeredExactly(await get(`${own}/${path}`), 200, artifact);
      const listed = (await itemsOf(own)).find(({ id }) => id === digest);
      assert.deepEqual(found, listed);
    }
  });

  it("of all repositories are listed, one that two repositories hold twice", async () => {
    assert.equal((await itemsOf(all)).length, 5);
    const { bytes, config, layer, digest } = await local.client.pushImage("team/web", "shared");
    await local.client.pushBlob("copy", config);
    await local.client.pushBlob("copy", layer);
    assertStatus(await local.client.putManifest("copy", "v1", bytes), 201);
    const shared = (await itemsOf(all)).filter(({ id }) => id === digest);
    const names = shared.map(({ properties }) => properties.repositoryName);
    assert.deepEqual(names.sort(), ["copy", "team/web"]);
    await empty(await manage(local.url, "DELETE", `${own}/${digest}`), 204);
    assert.equal((await itemsOf(all)).filter(({ id }) => id === digest).length, 1);
    const repositories = `/registries/${local.registry.id}/repositories`;
    await empty(await manage(local.url, "DELETE", `${repositories}/copy`), 204);
  });

  it("come in every order of the contract, page by page, without a gap", async () => {
    const orders = [
      ...[...ORDERS, "vulnFixableCount"].map((order) => [all, order, 5] as const),
      ...[...ORDERS, "vulnFixableCount", "vulnMaxSeverity", "vulnTotalScore"].map(
        (order) => [own, order, 4] as const,
      ),
    ];
    for (const [path, order, count] of orders) {
      for (const orderBy of [order, `-${order}`]) {
        const ids: string[] = [];
        let next: string | undefined = `?limit=2&orderBy=${orderBy}`;
        while (next !== undefined) {
          const page: Awaited<ReturnType<typeof list>> = await list(`${path}${next}`);
          ids.push(...(page.items ?? []).map(({ href }) => href));
          next = page._links.next && new URL(page._links.next).search;
        }
        assert.equal(ids.length, count, orderBy);
        assert.equal(new Set(ids).size, count, orderBy);
      }
    }
    const ascending = await itemsOf(`${own}?orderBy=lastPush`);
    assert.deepEqual(ascending, (await itemsOf(own)).toReversed());
    assert.equal((await itemsOf(`${all}?orderBy=-pushCount`))[0]?.metadata.pushCount, 2);
  });

  it("take orders that belong to their own list alone", async () => {
    for (const order of [
      "vulnMaxSeverity",
      "vulnTotalScore",
      "name",
      "LastPush",
      "",
      "--lastPush",
    ]) {
      const answer = await get(`${all}?orderBy=${order}`);
      assert.deepEqual(await refused(answer, 400), ["invalid-order-by"], order);
    }
  });

  it("have no vulnerabilities, as nothing is scanned", async () => {
    assert.deepEqual(await itemsOf(`${all}?filter.vulnerabilityId=CVE-2021-44228`), []);
    const href = `${own}/${encodeURIComponent(digests[0] ?? "")}/vulnerabilities`;
    const query = "?offset=2&limit=1&filter.severity=high&filter.fixable=true&orderBy=severity";
    const page = await answeredExactly(await get(href + query), 200, vulnerabilitiesResponse);
    assert.deepEqual([page.id, page.type, page.items], ["vulnerabilities", "collection", []]);
    assert.deepEqual([page.offset, page.limit, page._links.next], [2, 1, undefined]);
    assert.match(
      page._links.prev ?? "",
      /offset=1&limit=1&filter.severity=high&filter.fixable=true/,
    );
    const missing = `${own}/${UNKNOWN_DIGEST}/vulnerabilities`;
    assert.deepEqual(await refused(await get(missing), 404), ["manifest-unknown"]);
    const one = await get("/vulnerabilities/CVE-2021-44228");
    assert.deepEqual(await refused(one, 404), ["vulnerability-unknown"]);
    const long = await get(`/vulnerabilities/${"a".repeat(65)}`);
    assert.deepEqual(await refused(long, 400), ["invalid-vulnerability-id"]);
    assert.deepEqual(await refused(await get(`/vulnerabilities/${"a".repeat(64)}`), 404), [
      "vulnerability-unknown",
    ]);
  });

  it("are absent, or refused, where the address does not lead to one", async () => {
    const repositories = `/registries/${local.registry.id}/repositories`;
    const [digest = ""] = digests;
    for (const method of ["GET", "DELETE"]) {
      const ask = (path: string) => manage(local.url, method, path);
      for (const path of [`${own}/${UNKNOWN_DIGEST}`, `${repositories}/app/artifacts/${digest}`]) {
        assert.deepEqual(await refused(await ask(path), 404), ["manifest-unknown"], path);
      }
      for (const bad of ["v1", "sha256:abc", digest.toUpperCase(), `sha256%3A${"g".repeat(64)}`]) {
        assert.deepEqual(await refused(await ask(`${own}/${bad}`), 400), ["digest-invalid"], bad);
      }
      const name = await ask(`${repositories}/Web/artifacts/${digest}`);
      assert.deepEqual(await refused(name, 400), ["repository-name-invalid"]);
    }
    const nowhere = await get(`${repositories}/nowhere/artifacts`);
    assert.deepEqual(await refused(nowhere, 404), ["repository-unknown"]);
  });

  it("are deleted with their tags; the others stay", async () => {
    const { digest } = await local.client.pushImage("app", "doomed");
    const { bytes } = await local.client.pushImage("app", "kept");
    assertStatus(await local.client.putManifest("app", "kept-too", bytes), 201);
    const path = `/registries/${local.registry.id}/repositories/app/artifacts`;
    await empty(await manage(local.url, "DELETE", `${path}/${encodeURIComponent(digest)}`), 204);
    assertStatus(await local.client.ask("GET", "app", "manifests/doomed"), 404);
    assertStatus(await local.client.ask("GET", "app", `manifests/${digest}`), 404);
    assertStatus(await local.client.ask("GET", "app", "manifests/kept-too"), 200);
    const left = (await itemsOf(path)).flatMap(({ properties }) => properties.tags ?? []);
    assert.deepEqual(left.sort(), ["kept", "kept-too", "v1"]);
  });
});
