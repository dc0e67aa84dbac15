import assert from "node:assert/strict";
import { send } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, OWNER } from "../../support/management.ts";

describe("X-Forwarded headers", () => {
  let trusting: LocalRegistry;
  let wary: LocalRegistry;
  let fixed: LocalRegistry;

  before(async () => {
    const proxies = "127.0.0.1,192.0.2.0/24,2001:db8:1::/48";
    trusting = await LocalRegistry.start({ environment: { MOORAGE_TRUSTED_PROXIES: proxies } });
    wary = await LocalRegistry.start({ environment: { MOORAGE_TRUSTED_PROXIES: "192.0.2.0/24" } });
    fixed = await LocalRegistry.start({
      environment: {
        MOORAGE_TRUSTED_PROXIES: proxies,
        MOORAGE_PUBLIC_URL: "https://registry.example.com",
      },
    });
  });
  after(async () => {
    await trusting.close();
    await wary.close();
    await fixed.close();
  });

  type Headers = Readonly<Record<string, string | string[]>>;

  async function clientOf(local: LocalRegistry, headers: Headers): Promise<unknown> {
    const { status } = await send(local.url, "GET", "/healthz", { headers });
    assert.equal(status, 200);
    return local.events.named("request").at(-1)?.fields?.["remote"];
  }

  async function realmOf(local: LocalRegistry, headers: Headers): Promise<string | undefined> {
    const answer = await send(local.url, "GET", "/v2/", { headers });
    assert.equal(answer.status, 401);
    return /realm="([^"]*)"/.exec(String(answer.headers["www-authenticate"]))?.[1];
  }

  const cases: readonly [name: string, header: string | string[], client: string][] = [
    ["the only hop", "203.0.113.9", "203.0.113.9"],
    ["the right-most hop that is no proxy", "198.51.100.1, 203.0.113.9, 192.0.2.4", "203.0.113.9"],
    ["the same over several lines", ["198.51.100.1", "203.0.113.9,192.0.2.4"], "203.0.113.9"],
    ["the left-most proxy where there are only proxies", "192.0.2.9, 192.0.2.4", "192.0.2.9"],
    ["an IPv6 client", "2001:DB8:0::9, 2001:db8:1::4", "2001:db8::9"],
    ["an IPv4 client in IPv6 spelling", "::ffff:cb00:7109", "203.0.113.9"],
    ["a hop with a port", "203.0.113.9:4711, [2001:db8:1::4]:443", "203.0.113.9"],
    ["the proxy itself, where the hop is no address", "203.0.113.9, unknown", "127.0.0.1"],
    ["the last proxy before what is no address", "_hidden, 192.0.2.4", "192.0.2.4"],
    ["the proxy itself, where there is nothing", ", ,", "127.0.0.1"],
  ];
  for (const [name, header, client] of cases) {
    it(`of a trusted proxy show ${name}`, async () => {
      assert.equal(await clientOf(trusting, { "x-forwarded-for": header }), client);
    });
  }

  it("of anybody else are ignored", async () => {
    const spoofed = {
      "x-forwarded-for": "192.0.2.4",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "evil.example.com",
    };
    assert.equal(await clientOf(wary, spoofed), "127.0.0.1");
    assert.equal(await realmOf(wary, spoofed), "http://127.0.0.1:5000/token");
    assert.equal(await clientOf(wary, { forwarded: "for=192.0.2.4" }), "127.0.0.1");
  });

  it("do not include Forwarded, which proxies pass through", async () => {
    assert.equal(await clientOf(trusting, { forwarded: "for=198.51.100.1" }), "127.0.0.1");
  });

  it("of a trusted proxy make the address in the challenge, unless the setting does", async () => {
    const told = { "x-forwarded-proto": "https", "x-forwarded-host": "registry.example.com:8443" };
    assert.equal(await realmOf(trusting, told), "https://registry.example.com:8443/token");
    assert.equal(await realmOf(fixed, told), "https://registry.example.com/token");
    const half = { "x-forwarded-proto": "HTTPS", host: "registry.example.net" };
    assert.equal(await realmOf(trusting, half), "https://registry.example.net/token");
    assert.equal(await realmOf(trusting, {}), "http://127.0.0.1:5000/token");
  });

  it("that make no sense change nothing", async () => {
    for (const nonsense of [
      { "x-forwarded-proto": "gopher", "x-forwarded-host": "a b" },
      { "x-forwarded-host": 'x" onload="' },
      { "x-forwarded-host": "host/path" },
      { "x-forwarded-host": "" },
    ]) {
      assert.equal(await realmOf(trusting, nonsense), "http://127.0.0.1:5000/token");
    }
  });

  it("of a trusted proxy make the links of the management API, and what clients are to put before a repository", async () => {
    const headers = {
      authorization: basic(OWNER),
      "x-forwarded-proto": "https",
      "x-forwarded-host": "registry.example.com",
    };
    const path = "/containerregistries/registries";
    for (const [local, base] of [
      [trusting, "https://registry.example.com"],
      [fixed, "https://registry.example.com"],
      [wary, "http://127.0.0.1:5000"],
    ] as const) {
      const { body } = await send(local.url, "GET", path, { headers });
      const list = JSON.parse(body.toString());
      assert.equal(list.href, `${base}${path}`);
      assert.equal(list.items[0].href, `${base}${path}/${local.registryId}`);
      const endpoint = `${new URL(base).host}/shop`;
      assert.equal(list.items[0].properties.endpoint, endpoint);
      const query = `${path}/${local.registryId}/credentials?tokenId=${local.token.id}`;
      const login = JSON.parse((await send(local.url, "GET", query, { headers })).body.toString());
      assert.equal(login.endpoint, endpoint);
      assert.match(login.dockerLogin, new RegExp(` ${new URL(base).host}$`));
    }
  });

  it("of a trusted proxy name the registry by its host name", async () => {
    const pushed = await trusting.client.pushImage("team/app", "1");
    const forwarded = trusting.client
      .onHost("internal:5000")
      .with({ headers: { "x-forwarded-host": "shop.cr.de-fra.localhost" } });
    const { status, body } = await forwarded.ask("GET", "team/app", "manifests/1");
    assert.equal(status, 200);
    assert.ok(body.equals(pushed.bytes));
  });
});
