import assert from "node:assert/strict";
import { makeRegistry, manage } from "../../support/management.ts";
import { isSecret, PluginClient, secret, UNKNOWN } from "../../support/plugin-client.ts";
import { pushManifest } from "../../support/push-manifest.ts";
import { OWNER_EMAIL, OWNER_PASSWORD, RunningServer } from "../../support/running-server.ts";

const NOBODY = "00000000-0000-4000-8000-000000000000";

describe("the plugin's functions", () => {
  let server: RunningServer;
  let plugin: PluginClient;
  let registryId: string;
  let tokenId: string;
  before(async () => {
    server = await RunningServer.start();
    plugin = await PluginClient.start();
    const [username, password] = [OWNER_EMAIL, OWNER_PASSWORD];
    await plugin.configure({ endpoint: server.url, username, password });
    registryId = (await makeRegistry(server.url, "shop")).id;
    await makeRegistry(server.url, "shop-two");
    const made = await plugin.create("Token", {
      registryId,
      name: "ci",
      scopes: [{ type: "repository", name: "*", actions: ["pull"] }],
    });
    tokenId = made.id;
  });
  after(async () => {
    plugin[Symbol.dispose]();
    await server.stop();
  });

  it("find a registry by its id and by its whole name", async () => {
    const byName = await plugin.invoke("getRegistry", { name: "shop" });
    assert.equal(byName.answer["registryId"], registryId);
    assert.equal(byName.answer["endpoint"], `${server.host}/shop`);
    assert.deepEqual(await plugin.invoke("getRegistry", { registryId }), byName);
  });

  it("find a token by its id and by its name, without its secret", async () => {
    const byName = await plugin.invoke("getToken", { registryId, name: "ci" });
    assert.equal(byName.answer["tokenId"], tokenId);
    assert.deepEqual(byName.answer["scopes"], [
      { type: "repository", name: "*", actions: ["pull"] },
    ]);
    assert.ok(!("password" in byName.answer));
    assert.deepEqual(await plugin.invoke("getToken", { registryId, tokenId }), byName);
  });

  it("find a user by its id and by its address in any case, without the password", async () => {
    const email = "ops@example.com";
    const made = await plugin.create("User", { email, role: "reader", displayName: "Ops" });
    const { answer } = await plugin.invoke("getUser", { email: "OPS@example.com" });
    assert.deepEqual(answer, { userId: made.id, email, role: "reader", displayName: "Ops" });
    assert.deepEqual((await plugin.invoke("getUser", { userId: made.id })).answer, answer);
  });

  it("find a repository once it holds something, with what was counted", async () => {
    const ask = () => plugin.invoke("getRepository", { registryId, name: "team/app" });
    await assert.rejects(ask(), { details: 'getRepository: there is no repository "team/app"' });
    await pushManifest(server.url, "shop/team/app");
    const { answer } = await ask();
    assert.equal(answer["url"], `${server.host}/shop/team/app`);
    assert.equal(answer["artifactCount"], 1);
    assert.match(String(answer["lastPushedAt"]), /^20\d\d-.*Z$/);
    assert.ok(!("lastPulledAt" in answer));
  });

  it("tell locations, and whether a name is to be had", async () => {
    assert.deepEqual((await plugin.invoke("getLocations", {})).answer, { locations: ["de/fra"] });
    for (const [name, status] of [
      ["shop", "taken"],
      ["market", "free"],
      ["Shop", "invalid"],
    ]) {
      const { answer } = await plugin.invoke("isNameAvailable", { name });
      assert.deepEqual(answer, { available: status === "free", status });
    }
  });

  it("tell how to log in, but for the secret", async () => {
    const { answer } = await plugin.invoke("getCredentials", { registryId, tokenId });
    assert.deepEqual([answer["username"], answer["endpoint"]], ["ci", `${server.host}/shop`]);
    assert.match(String(answer["dockerLogin"]), /^docker login --username ci 127/);
    assert.match(String(answer["dockerConfigJson"]), /"password":\s*"<password>"/);
  });

  it("say in a sentence what is wrong with a question", async () => {
    const refused = async (name: string, args: Record<string, unknown>): Promise<string[]> =>
      (await plugin.invoke(name, args)).failures;
    assert.deepEqual(await refused("getRegistry", { registryId: "shop" }), [
      "registryId must be the id of a registry, such as registry.registryId",
    ]);
    assert.deepEqual(await refused("isNameAvailable", { title: "shop" }), [
      "name must be text",
      'there is no argument "title"; there are name',
    ]);
    for (const args of [{}, { registryId, name: "shop" }]) {
      assert.deepEqual(await refused("getRegistry", args), [
        "give either registryId or name, to say which registry",
      ]);
    }
    assert.deepEqual(await refused("getToken", { registryId }), [
      "give either tokenId or name, to say which token",
    ]);
    assert.deepEqual(await refused("getUser", {}), [
      "give either userId or email, to say which user",
    ]);
    assert.deepEqual(await refused("getRepository", { registryId }), ["name must be text"]);
  });

  it("say what there is not", async () => {
    for (const [name, args, sentence] of [
      ["getRegistry", { name: "sho" }, 'there is no registry "sho"'],
      ["getRegistry", { registryId: NOBODY }, `there is no registry ${NOBODY}`],
      ["getUser", { email: "x@y.example" }, 'there is no user "x@y.example"'],
      ["getUser", { userId: NOBODY }, `there is no user ${NOBODY}`],
      ["getRepository", { registryId: NOBODY, name: "a" }, `there is no registry ${NOBODY}`],
      ["getToken", { registryId, tokenId: NOBODY }, `there is no token ${NOBODY}`],
      ["getCredentials", { registryId, tokenId: NOBODY }, `there is no token ${NOBODY}`],
    ] as const) {
      await assert.rejects(plugin.invoke(name, args), { details: `${name}: ${sentence}` });
    }
    await assert.rejects(plugin.invoke("getBucket", {}), { details: /there is no function/ });
  });

  it("know nothing before what they are asked with is known, and keep secrets", async () => {
    const later = await plugin.invoke("isNameAvailable", { name: UNKNOWN });
    assert.deepEqual(later.answer, { available: UNKNOWN, status: UNKNOWN });
    const hidden = await plugin.invoke("isNameAvailable", { name: secret("shop") });
    assert.ok(Object.values(hidden.answer).every(isSecret));
  });

  it("answer what the server says now", async () => {
    await manage(server.url, "PATCH", `/registries/${registryId}`, { visibility: "public" });
    const { answer } = await plugin.invoke("getRegistry", { registryId });
    assert.equal(answer["visibility"], "public");
  });
});
