import assert from "node:assert/strict";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
  withDigest,
} from "../../support/distribution-client.ts";
import { jsonOf } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, makeRegistry, makeToken, manage, OWNER } from "../../support/management.ts";

const INSIDE = "203.0.113.9";
const OUTSIDE = "198.51.100.1";

/** The test is the trusted proxy: what it forwards for is the client. */
describe("a registry's allow-list", () => {
  let local: LocalRegistry;

  before(async () => {
    local = await LocalRegistry.start({ environment: { MOORAGE_TRUSTED_PROXIES: "127.0.0.1" } });
  });
  after(() => local.close());
  beforeEach(async () => {
    await allow([]);
    await local.client.pushImage("app", "1");
  });

  const patch = (change: object) =>
    manage(local.url, "PATCH", `/registries/${local.registry.id}`, change);

  async function allow(entries: readonly string[], more: object = {}): Promise<void> {
    const answer = await patch({ apiSubnetAllowList: entries, visibility: "private", ...more });
    assert.equal(answer.status, 200, await answer.text());
  }

  function from(address: string, client = local.client): DistributionClient {
    return client.with({ headers: { "x-forwarded-for": address } });
  }

  const pull = (client: DistributionClient) => client.ask("GET", "app", "manifests/1");

  const lists: readonly [list: string[], inside: string[], outside: string[]][] = [
    [["203.0.113.9"], ["203.0.113.9", "::ffff:203.0.113.9"], ["203.0.113.8", "::1"]],
    [["203.0.113.0/24"], ["203.0.113.1", "203.0.113.255"], ["203.0.112.255", "203.0.114.0"]],
    [["203.0.113.77/24"], ["203.0.113.1"], ["203.0.114.1"]],
    [["2001:db8::/32"], ["2001:db8:ffff::1"], ["2001:db9::1", "203.0.113.9"]],
    [["2001:DB8::9"], ["2001:db8:0:0::9"], ["2001:db8::8"]],
    [["0.0.0.0/0"], ["203.0.113.9", "10.0.0.1"], ["2001:db8::1"]],
    [["0.0.0.0/0", "::/0"], ["203.0.113.9", "2001:db8::1"], []],
    [["192.0.2.1", "198.51.100.0/25", "::1"], ["198.51.100.1", "::1"], ["198.51.100.200"]],
    [[], ["203.0.113.9", "2001:db8::1"], []],
  ];
  for (const [list, inside, outside] of lists) {
    it(`of ${JSON.stringify(list)} lets in ${inside.join(", ")}, not ${outside.join(", ")}`, async () => {
      await allow(list);
      for (const address of inside) {
        assertStatus(await pull(from(address)), 200);
      }
      for (const address of outside) {
        assertRefused(await pull(from(address)), 403, "DENIED");
      }
    });
  }

  it("holds for every request of the data plane, and says why in a sentence", async () => {
    await allow([INSIDE]);
    const location = await from(INSIDE).startUpload("app");
    const client = from(OUTSIDE);
    for (const [method, path] of [
      ["GET", client.path("app", "manifests/1")],
      ["PUT", client.path("app", "manifests/2")],
      ["DELETE", client.path("app", "manifests/1")],
      ["GET", client.path("app", `blobs/sha256:${"0".repeat(64)}`)],
      ["DELETE", client.path("app", `blobs/sha256:${"0".repeat(64)}`)],
      ["POST", client.path("app", "blobs/uploads/")],
      ["PATCH", location],
      ["PUT", withDigest(location, `sha256:${"0".repeat(64)}`)],
      ["GET", location],
      ["DELETE", location],
      ["GET", client.path("app", "tags/list")],
      ["GET", client.path("app", `referrers/sha256:${"0".repeat(64)}`)],
      ["GET", "/v2/shop/_catalog"],
      ["GET", "/v2/_catalog"],
    ] as const) {
      assertRefused(await client.send(method, path), 403, "DENIED");
    }
    const { errors } = Object(jsonOf(await pull(client)));
    assert.match(
      errors[0].message,
      /^the registry "shop" takes no requests from 198\.51\.100\.1; apiSubnetAllowList names/,
    );
    assertStatus(await from(INSIDE).send("PATCH", location, { body: "still there" }), 202);
  });

  it("counts with the next request after a change", async () => {
    for (const [list, status] of [
      [[INSIDE], 403],
      [[OUTSIDE], 200],
      [["192.0.2.0/24"], 403],
      [[], 200],
    ] as const) {
      await allow(list);
      assertStatus(await pull(from(OUTSIDE)), status);
    }
  });

  it("leaves the management API alone", async () => {
    await allow(["192.0.2.1"]);
    assert.equal((await manage(local.url, "GET", "/registries")).status, 200);
  });

  it("keeps a public registry's content from outsiders as well", async () => {
    await allow([INSIDE], { visibility: "public" });
    assertRefused(await pull(from(OUTSIDE).anonymous()), 403, "DENIED");
    assertStatus(await pull(from(INSIDE).anonymous()), 200);
  });

  it("changes nothing for those who may not see the registry", async () => {
    const elsewhere = await makeRegistry(local.url, "elsewhere");
    const stranger = await makeToken(local.url, elsewhere, "stranger");
    for (const credentials of [stranger, undefined]) {
      const outsider = from(OUTSIDE).anonymous();
      const client = credentials === undefined ? outsider : outsider.with({ credentials });
      await allow([]);
      const open = await pull(client);
      await allow([INSIDE]);
      const closed = await pull(client);
      const nowhere = await client.with({ registry: "nowhere" }).ask("GET", "app", "manifests/1");
      assert.equal(closed.status, credentials === undefined ? 401 : 404);
      assert.deepEqual(closed.body, open.body);
      assert.equal(nowhere.status, closed.status);
      assert.equal(nowhere.body.toString().replaceAll("nowhere", "shop"), closed.body.toString());
    }
  });

  it("of a catalog that registries share leaves out those that refuse the address", async () => {
    const user = { authorization: basic(OWNER) };
    const listed = async (address: string) => {
      const headers = { ...user, "x-forwarded-for": address };
      const answer = await local.client.anonymous().send("GET", "/v2/_catalog", { headers });
      assertStatus(answer, 200);
      return Object(jsonOf(answer)).repositories;
    };
    await allow([INSIDE]);
    assert.deepEqual(await listed(INSIDE), ["shop/app"]);
    assert.deepEqual(await listed(OUTSIDE), []);
  });

  it("gives outsiders no bearer token for anything in the registry", async () => {
    await allow([INSIDE]);
    const ask = async (address: string) => {
      const answer = await from(address).send("GET", "/token?scope=repository:shop/app:pull,push");
      assertStatus(answer, 200);
      const { token } = Object(jsonOf(answer));
      return { token, access: JSON.parse(atob(token.split(".")[1])) };
    };
    const inside = await ask(INSIDE);
    const outside = await ask(OUTSIDE);
    assert.equal(JSON.stringify(outside.access).includes("app"), false);
    assert.equal(JSON.stringify(inside.access).includes("app"), true);
    // Neither does one that was issued inside work outside.
    for (const { token } of [inside, outside]) {
      const headers = { authorization: `Bearer ${token}`, "x-forwarded-for": OUTSIDE };
      const answer = await local.client.anonymous().ask("GET", "app", "manifests/1", { headers });
      assertRefused(answer, 403, "DENIED");
    }
  });
});
