import assert from "node:assert/strict";
import { someContent } from "../../support/content.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
} from "../../support/distribution-client.ts";
import { jsonOf } from "../../support/http-request.ts";
import { makeRegistry, makeToken, OWNER } from "../../support/management.ts";
import { followPages, nextOf } from "../../support/pages.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

const SHOP = ["app", "team/a", "team/b", "zoo"];
const BAZAAR = ["app", "zoo"];
const ALL = [...BAZAAR.map((name) => `bazaar/${name}`), ...SHOP.map((name) => `shop/${name}`)];

describe("the catalog (Docker Registry HTTP API v2, Listing Repositories)", () => {
  let under: RegistryUnderTest;
  let shop: DistributionClient;
  let bazaar: DistributionClient;
  let owner: DistributionClient;

  before(async () => {
    under = await startRegistry();
    shop = under.client;
    const { url } = under.server;
    const made = await makeRegistry(url, "bazaar");
    bazaar = shop.with({ registry: "bazaar", credentials: await makeToken(url, made, "ci") });
    owner = shop.with({ credentials: OWNER });
    for (const [client, names] of [
      [shop, SHOP],
      [bazaar, BAZAAR],
    ] as const) {
      for (const name of names.toReversed()) {
        await client.pushImage(name, "1");
      }
      await client.pushBlob("blobs-alone", someContent());
    }
    await makeRegistry(url, "empty");
  });
  after(() => under.server.stop());

  async function listed(client: DistributionClient, path: string): Promise<string[]> {
    const answer = await client.send("GET", path);
    assertStatus(answer, 200);
    return (jsonOf(answer) as { repositories: string[] }).repositories;
  }

  it("of a shared host has all that the caller may see, each with its registry", async () => {
    assert.deepEqual(await listed(owner, "/v2/_catalog"), ALL);
    assert.deepEqual(await listed(shop, "/v2/_catalog"), ALL.slice(2));
    assert.deepEqual(await listed(bazaar, "/v2/_catalog"), ALL.slice(0, 2));
  });

  it("of one registry has its repositories", async () => {
    assert.deepEqual(await listed(owner, "/v2/shop/_catalog"), SHOP);
    assert.deepEqual(await listed(shop, "/v2/shop/_catalog"), SHOP);
    assert.deepEqual(await listed(owner, "/v2/empty/_catalog"), []);
  });

  it("of a registry's own host has its repositories", async () => {
    const headers = { host: "shop.cr.de-fra.localhost" };
    assert.deepEqual(await listed(owner.with({ headers }), "/v2/_catalog"), SHOP);
  });

  for (const n of [1, 2, 3, 5, 6, 7, 1000]) {
    it(`in pages of ${n} is complete when its links are followed to the end`, async () => {
      const shared = await followPages<string>(owner, `/v2/_catalog?n=${n}`, "repositories");
      assert.deepEqual(shared.flat(), ALL);
      assert.ok(shared.every((page) => page.length <= n && page.length > 0));
      const single = await followPages<string>(shop, `/v2/shop/_catalog?n=${n}`, "repositories");
      assert.deepEqual(single.flat(), SHOP);
    });
  }

  it("links to the next page in the client's spelling", async () => {
    const single = await shop.send("GET", "/v2/shop/_catalog?n=2");
    assert.equal(nextOf(single), "/v2/shop/_catalog?n=2&last=team%2Fa");
    const shared = await owner.send("GET", "/v2/_catalog?n=3");
    assert.equal(nextOf(shared), "/v2/_catalog?n=3&last=shop%2Fapp");
  });

  it("begins behind last, which need not be there", async () => {
    for (const [last, expected] of [
      ["bazaar/app", ALL.slice(1)],
      ["bazaar/b", ALL.slice(1)],
      ["bazaar", ALL],
      ["c", ALL.slice(2)],
      ["shop/team/a", ALL.slice(4)],
      ["shop/zoo", []],
      ["zzz", []],
    ] as const) {
      const path = `/v2/_catalog?last=${encodeURIComponent(last)}`;
      assert.deepEqual(await listed(owner, path), expected, last);
    }
  });

  it("of no entries is empty and leads nowhere", async () => {
    for (const path of ["/v2/_catalog?n=0", "/v2/shop/_catalog?n=0"]) {
      const answer = await owner.send("GET", path);
      assertStatus(answer, 200);
      assert.deepEqual(jsonOf(answer), { repositories: [] });
      assert.equal(answer.headers["link"], undefined);
    }
  });

  it("refuses an n that is no number", async () => {
    for (const n of ["-1", "x", "1.5", ""]) {
      const answer = await owner.send("GET", `/v2/_catalog?n=${n}`);
      assertRefused(answer, 400, "PAGINATION_NUMBER_INVALID");
    }
  });

  it("shows a token what its scopes cover, and refuses one that may not list", async () => {
    const { server, registry } = under;
    const repository = (name: string, actions: string[]) => ({ type: "repository", name, actions });
    const team = await makeToken(server.url, registry, "team", [repository("team/*", ["list"])]);
    const seeing = shop.with({ credentials: team });
    assert.deepEqual(await listed(seeing, "/v2/shop/_catalog"), ["team/a", "team/b"]);
    assert.deepEqual(await listed(seeing, "/v2/_catalog?n=1"), ["shop/team/a"]);
    const pages = await followPages<string>(seeing, "/v2/_catalog?n=1", "repositories");
    assert.deepEqual(pages.flat(), ["shop/team/a", "shop/team/b"]);
    const blind = await makeToken(server.url, registry, "blind", [repository("*", ["pull"])]);
    for (const path of ["/v2/_catalog", "/v2/shop/_catalog"]) {
      assertRefused(await shop.with({ credentials: blind }).send("GET", path), 403, "DENIED");
    }
    const browser = await makeToken(server.url, registry, "browser", [
      { type: "registry", name: "catalog", actions: ["*"] },
    ]);
    const browsing = shop.with({ credentials: browser });
    assert.deepEqual(await listed(browsing, "/v2/shop/_catalog"), SHOP);
    assertRefused(await browsing.ask("GET", "app", "tags/list"), 403, "DENIED");
  });

  it("of what is not a registry is 404", async () => {
    assertRefused(await owner.send("GET", "/v2/none/_catalog"), 404, "NAME_UNKNOWN");
    assertRefused(await owner.send("GET", "/v2/shop/team/_catalog"), 404, "NAME_UNKNOWN");
    assertRefused(await shop.send("GET", "/v2/bazaar/_catalog"), 404, "NAME_UNKNOWN");
  });
});
