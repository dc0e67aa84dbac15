import assert from "node:assert/strict";
import { OPERATIONS, openApiDocument } from "@moorage/core/contract/openapi/document";
import { Validator } from "@seriousme/openapi-schema-validator";
import { textOf } from "../../architecture/repository-files.ts";
import { LocalRegistry } from "../../support/local-registry.ts";

describe("the server's description of its management API", () => {
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start();
  });
  after(() => local.close());

  const get = (path: string, headers: Readonly<Record<string, string>> = {}, method = "GET") =>
    fetch(`${local.url}${path}`, { method, headers });

  it("is valid OpenAPI 3.1", async () => {
    const answer = await get("/containerregistries/openapi.json");
    assert.equal(answer.status, 200);
    const document = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual(document, JSON.parse(JSON.stringify(openApiDocument())));
    const validator = new Validator();
    const { valid, errors } = await validator.validate(document);
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(validator.version, "3.1");
    const broken = await new Validator().validate({ ...document, paths: { "/a": { get: 1 } } });
    assert.equal(broken.valid, false);
  });

  it("refers to nothing that is missing, and has nothing that no operation needs", () => {
    const { components, ...document } = openApiDocument();
    const text = JSON.stringify({ document, components });
    const named = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target));
    const there = ["schemas", "responses"].flatMap((kind) =>
      Object.keys(components[kind] ?? {}).map((name) => `#/components/${kind}/${name}`),
    );
    assert.deepEqual(
      [...named].filter((target) => !there.includes(String(target))),
      [],
    );
    assert.deepEqual(
      there.filter((target) => !named.has(target)),
      [],
    );
  });

  it("gives each operation a name of its own, and says what it does", () => {
    const operations = Object.values(OPERATIONS);
    assert.equal(new Set(operations.map(({ id }) => id)).size, operations.length);
    for (const { id, summary } of operations) {
      assert.match(id, /^[a-z][A-Za-z]+$/);
      assert.match(summary, /^[A-Z].*[^.]$/, id);
    }
  });

  it("has the version of the packages", () => {
    const { version } = JSON.parse(textOf("package.json") ?? "{}") as { version: string };
    assert.equal(openApiDocument().info["version"], version);
  });

  for (const path of ["/openapi.json", "/docs"]) {
    it(`is for everybody, below both prefixes: ${path}`, async () => {
      const [one, other] = [await get(path), await get(`/containerregistries${path}`)];
      assert.deepEqual([one.status, other.status], [200, 200]);
      assert.equal(await one.text(), await other.text());
    });

    it(`is sent again only when it has changed: ${path}`, async () => {
      const first = await get(path);
      const etag = first.headers.get("etag") ?? "";
      assert.match(etag, /^"[\w-]+"$/);
      assert.match(first.headers.get("cache-control") ?? "", /^public, max-age=\d+$/);
      const length = Buffer.byteLength(await first.text());
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
        const again = await get(path, { "if-none-match": known });
        assert.equal(again.status, 304, known);
        assert.equal(again.headers.get("etag"), etag);
        assert.equal(await again.text(), "");
      }
      const stale = await get(path, { "if-none-match": '"other"' });
      assert.equal((await stale.text()).length > 0, true);
      const head = await get(path, {}, "HEAD");
      assert.deepEqual(
        [head.status, head.headers.get("etag"), head.headers.get("content-length")],
        [200, etag, String(length)],
      );
    });
  }

  it("is counted like everything that callers without credentials ask", async () => {
    const few = await LocalRegistry.start({ environment: { MOORAGE_RATE_LIMIT: "2/1m" } });
    try {
      const statuses: number[] = [];
      for (let count = 0; count < 3; count++) {
        const answer = await fetch(`${few.url}/openapi.json`);
        await answer.text();
        statuses.push(answer.status);
      }
      assert.deepEqual(statuses, [200, 200, 429]);
    } finally {
      await few.close();
    }
  });

  it("names as open to everybody what is, and nothing else", async () => {
    for (const [endpoint, { isOpen = false, isAtRootAlone }] of Object.entries(OPERATIONS)) {
      const [method = "", path = ""] = endpoint.split(" ");
      const place = `${isAtRootAlone ? "" : "/containerregistries"}${path.replace(/[{}]/g, "")}`;
      const answer = await get(place, {}, method);
      await answer.text();
      assert.equal(answer.status, isOpen ? 200 : 401, endpoint);
    }
  });

  it("is a page that loads nothing and runs nothing", async () => {
    const answer = await get("/containerregistries/docs");
    assert.equal(answer.headers.get("content-type"), "text/html; charset=utf-8");
    const policy = answer.headers.get("content-security-policy") ?? "";
    assert.match(policy, /^default-src 'none';style-src 'sha256-[^']+';/);
    assert.doesNotMatch(policy, /unsafe|https?:/);
    const page = await answer.text();
    assert.doesNotMatch(page, /<script|<img|<link|<iframe|\bsrc=|\bstyle=|\bon[a-z]+=|https?:\/\//);
    const { id } = OPERATIONS["POST /registries"] ?? assert.fail();
    assert.match(page, new RegExp(`<details id="${id}">`));
  });

  it("is a page that has every operation and schema, and links that lead somewhere", async () => {
    const page = await (await get("/docs")).text();
    const anchors = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    for (const { id } of Object.values(OPERATIONS)) {
      assert.ok(anchors.has(id), id);
    }
    for (const name of Object.keys(openApiDocument().components["schemas"] ?? {})) {
      assert.ok(anchors.has(`schema-${name}`), name);
    }
    const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, target = ""]) => target);
    assert.ok(links.length > 100);
    assert.deepEqual(
      links.filter((link) => link !== "openapi.json" && !anchors.has(link.slice(1))),
      [],
    );
  });

  it("is a page whose policy allows its own style", async () => {
    const answer = await get("/docs");
    const style = /<style>([\s\S]*?)<\/style>/.exec(await answer.text())?.[1] ?? "";
    const digest = await crypto.subtle.digest("SHA-256", Buffer.from(style));
    const hash = Buffer.from(digest).toString("base64");
    const policy = answer.headers.get("content-security-policy") ?? "";
    assert.ok(policy.includes(`'sha256-${hash}'`), policy);
  });
});
