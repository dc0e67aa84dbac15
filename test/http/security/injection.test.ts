import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { jsonOf } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, makeRegistry, manage, OWNER } from "../../support/management.ts";

/** What means something to SQL, to patterns, or to JavaScript's objects, and is text here. */
const META = [
  "'",
  "''",
  "' or '1'='1",
  "'; drop table registries; --",
  '" or ""="',
  "\\",
  "\\'",
  "%",
  "_",
  "a%",
  "s_op",
  "*",
  "?",
  "[a-z]*",
  "$1",
  "@p",
  ":name",
  "/**/",
  "--",
  "1;select 1",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "{{7*7}}",
  "$" + "{jndi:ldap://127.0.0.1/a}",
];

describe("text that means something elsewhere", () => {
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start();
    await makeRegistry(local.url, "stop");
    await local.client.pushImage("team/app", "v1");
  });
  after(() => local.close());

  interface Listed {
    readonly items?: readonly unknown[];
  }

  async function itemsOf(path: string): Promise<readonly unknown[]> {
    const answer = await manage(local.url, "GET", path);
    const text = await answer.text();
    assert.equal(answer.status, 200, `${path}: ${text}`);
    return (JSON.parse(text) as Listed).items ?? [];
  }

  it("is plain text in every filter: it finds what contains it, and nothing else", async () => {
    const registry = `/registries/${local.registry.id}`;
    for (const text of META) {
      const value = encodeURIComponent(text);
      for (const path of [
        `/registries?filter.name=${value}`,
        `${registry}/repositories?filter.name=${value}`,
        `/audit-events?actor=${value}`,
      ]) {
        assert.deepEqual(await itemsOf(path), [], path);
      }
      const digest = `sha256:${"a".repeat(64)}`;
      const referrers = await local.client.ask(
        "GET",
        "team/app",
        `referrers/${digest}?artifactType=${value}`,
      );
      assert.deepEqual((jsonOf(referrers) as { manifests: unknown }).manifests, []);
    }
    assert.equal((await itemsOf("/registries")).length, 2);
  });

  it("is no order, and changes none", async () => {
    for (const text of [...META, "name;drop table tags", "1", "name desc", "(select 1)"]) {
      const order = encodeURIComponent(text);
      const path = `/registries/${local.registry.id}/repositories?orderBy=${order}`;
      const answer = await manage(local.url, "GET", path);
      assert.equal(answer.status, 400, text);
      await answer.arrayBuffer();
    }
  });

  it("is a plain name where lists go on behind it", async () => {
    for (const text of META) {
      const last = encodeURIComponent(text);
      for (const rest of ["tags/list", `referrers/sha256:${"a".repeat(64)}`]) {
        const answer = await local.client.ask("GET", "team/app", `${rest}?n=1&last=${last}`);
        assert.ok([200, 400].includes(answer.status), `${rest} ${text}: ${answer.status}`);
      }
      const catalog = await local.client.send("GET", `/v2/shop/_catalog?last=${last}`);
      assert.ok([200, 400].includes(catalog.status), text);
    }
  });

  it("is nobody's name or password", async () => {
    for (const text of ["'", "' or '1'='1", "%"]) {
      for (const who of [
        { username: text, password: OWNER.password.slice(0, 5) },
        { username: `${OWNER.username}${text}`, password: OWNER.password },
        { username: local.token.username, password: `${local.token.password}${text}` },
      ]) {
        const headers = { authorization: basic(who) };
        const answer = await local.client.send("GET", "/v2/", { headers });
        assert.ok([401, 429].includes(answer.status), `${text}: ${answer.status}`);
      }
    }
  });

  it("is never a header of an answer: no line ends in what is sent back", async () => {
    for (const path of [
      "/v2/shop/team%0d%0aX-Evil:1/tags/list",
      "/v2/shop/team/app/manifests/v1%0d%0aX-Evil:1",
      "/v2/shop/team/app/tags/list?n=1&last=v0%0d%0aX-Evil:1",
      "/v2/_catalog?n=0&last=%0d%0aX-Evil:1",
      "/token?service=%0d%0aX-Evil:1&scope=repository:shop/x%0d%0aX-Evil:1:pull",
      "/containerregistries/registries/%0d%0aX-Evil:1",
      "/containerregistries/registries?limit=1&filter.name=%0d%0aX-Evil:1",
    ]) {
      for (const client of [local.client, local.client.anonymous()]) {
        const answer = await client.send("GET", path);
        assert.equal(answer.headers["x-evil"], undefined, path);
        assert.ok(answer.status < 500, path);
      }
    }
  });
});

describe("odd JSON", () => {
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start();
  });
  after(() => local.close());

  function post(body: string) {
    const headers = { authorization: basic(OWNER), "content-type": "application/json" };
    return local.client.send("POST", "/registries", { headers, body: Buffer.from(body, "utf8") });
  }

  const around = (more: string) => `{"properties":{"name":"odd","location":"de/fra"${more}}}`;

  it("never reaches a prototype, however its members are spelt", async () => {
    for (const member of [
      '"__proto__":{"visibility":"public"}',
      '"\\u005f_proto__":{"visibility":"public"}',
      '"constructor":{"prototype":{"visibility":"public"}}',
    ]) {
      assert.equal((await post(around(`,${member}`))).status, 400, member);
      const outer = `{"properties":{"name":"odd","location":"de/fra"},${member}}`;
      assert.equal((await post(outer)).status, 400, member);
    }
    assert.equal(Object.hasOwn(Object.prototype, "visibility"), false);
  });

  it("with a member twice is refused, since others may read the other one", async () => {
    for (const body of [
      '{"properties":{"name":"UPPER","name":"twice","location":"de/fra"}}',
      '{"properties":{"name":"twice","name":"UPPER","location":"de/fra"}}',
      '{"properties":{"name":"twice","n\\u0061me":"twice","location":"de/fra"}}',
      '{"properties":{},"properties":{"name":"twice","location":"de/fra"}}',
    ]) {
      const answer = await post(body);
      assert.equal(answer.status, 400, body);
      assert.match(answer.body.toString(), /two members of the same name/);
    }
  });

  it("of numbers that are none, half characters, or the wrong encoding is refused", async () => {
    for (const body of [
      around(',"deletionProtection":NaN'),
      around(',"deletionProtection":-0'),
      around(',"deletionProtection":1e999'),
      around(',"deletionProtection":Infinity'),
      around(',"visibility":"\\ud800"'),
      '{"properties":{"name":"a\\ud800b","location":"de/fra"}}',
      '{"properties":{"name":"a\\u0000b","location":"de/fra"}}',
      "null",
      "-0",
      "[]",
      '"text"',
      "{'properties':{}}",
      `${around("")}${around("")}`,
      `${around("")}//`,
    ]) {
      const answer = await post(body);
      assert.equal(answer.status, 400, body);
    }
  });

  it("that is deeper or wider than anybody writes is refused in a moment, and others are served", async () => {
    const deep = 300_000;
    const wide = Array.from({ length: 60_000 }, (_, index) => `"k${index}":1`).join(",");
    for (const body of [
      "[".repeat(deep) + "]".repeat(deep),
      '{"a":'.repeat(deep / 3),
      `{"properties":{${wide}}}`,
      around(`,"apiSubnetAllowList":[${'"10.0.0.1",'.repeat(50_000)}"10.0.0.1"]`),
      around(`,"apiSubnetAllowList":${"[".repeat(deep)}${"]".repeat(deep)}`),
    ]) {
      const answer = await post(body);
      assert.equal(answer.status, 400);
      assert.ok(
        answer.body.byteLength < 20_000,
        `${answer.body.byteLength} bytes: ${answer.body.toString().slice(0, 300)}`,
      );
    }
    await eventually("the next answer", async () =>
      (await local.client.send("GET", "/v2/")).status === 200 ? true : undefined,
    );
  });
});
