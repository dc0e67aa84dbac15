import assert from "node:assert/strict";
import { manage } from "../../support/management.ts";
import { isSecret, PluginClient, revealed, type Wire } from "../../support/plugin-client.ts";
import { OWNER_EMAIL, OWNER_PASSWORD, RunningServer } from "../../support/running-server.ts";

const PULL = { type: "repository", name: "*", actions: ["pull"] };

describe("importing by the plugin", () => {
  let server: RunningServer;
  let plugin: PluginClient;
  let registryId: string;
  before(async () => {
    server = await RunningServer.start();
    plugin = await PluginClient.start();
    const [username, password] = [OWNER_EMAIL, OWNER_PASSWORD];
    await plugin.configure({ endpoint: server.url, username, password });
    const inputs = { location: "de/fra", name: "shop", visibility: "public" };
    registryId = (await plugin.create("Registry", inputs)).id;
  });
  after(async () => {
    plugin[Symbol.dispose]();
    await server.stop();
  });

  /** Imports, and holds what was imported to what the program would say. */
  const imported = async (type: string, id: string, inputs: Wire): Promise<Wire> => {
    const found = await plugin.read(type, id);
    assert.deepEqual(found.inputs, inputs);
    const { id: ownId, state } = found;
    assert.equal(ownId, id.split("/").at(-1));
    const checked = await plugin.check(type, inputs, found.inputs);
    assert.deepEqual(checked.failures, []);
    const compared = { id: ownId, state, inputs: found.inputs, news: checked.inputs };
    assert.deepEqual((await plugin.diff(type, compared)).diffsList, []);
    return state;
  };

  it("finds a registry by its id, and says what is not as it is by default", async () => {
    await imported("Registry", registryId, {
      name: "shop",
      location: "de/fra",
      visibility: "public",
    });
  });

  it("finds a token by its registry's id and its own, without its secret", async () => {
    const expiryDate = "2040-01-01T00:00:00Z";
    const inputs = { registryId, name: "ci", scopes: [PULL], expiryDate };
    const { id } = await plugin.create("Token", inputs);
    const state = await imported("Token", `${registryId}/${id}`, inputs);
    assert.ok(isSecret(state["password"]));
    assert.equal(revealed(state["password"]), "");
    assert.equal(state["username"], "ci");
  });

  it("leaves the scopes of an imported token to Scope resources, unless a program names some", async () => {
    const token = await plugin.create("Token", { registryId, name: "scoped" });
    const scope = { registryId, tokenId: token.id, name: "a/*", actions: ["pull"] };
    await plugin.create("Scope", scope);
    const { id, state, inputs } = await plugin.read("Token", `${registryId}/${token.id}`);
    assert.ok(Array.isArray(inputs["scopes"]) && inputs["scopes"].length === 1);
    const bare = { registryId, name: "scoped" };
    const left = await plugin.diff("Token", { id, state, inputs, news: bare });
    assert.deepEqual(left.diffsList, []);
    const described = { ...bare, description: "moved" };
    const updated = await plugin.update("Token", { id, state, inputs, news: described });
    assert.equal(updated["scopes"], undefined);
    const found = await plugin.read("Token", `${registryId}/${token.id}`);
    assert.deepEqual(found.inputs["scopes"], inputs["scopes"]);
    const named = { ...bare, scopes: [PULL] };
    const changed = await plugin.diff("Token", { id, state, inputs, news: named });
    assert.deepEqual(changed.diffsList, ["scopes"]);
  });

  it("finds a scope by three ids, and a schedule by its registry's", async () => {
    const token = await plugin.create("Token", { registryId, name: "robot" });
    const inputs = { registryId, tokenId: token.id, name: "a/*", actions: ["pull"] };
    const scope = await plugin.create("Scope", inputs);
    await imported("Scope", `${registryId}/${token.id}/${scope.id}`, inputs);
    const weekly = { registryId, days: ["Sunday"], time: "03:30" };
    await plugin.create("GCSchedule", weekly);
    await imported("GCSchedule", registryId, weekly);
  });

  it("finds nothing where there is nothing", async () => {
    const nobody = "00000000-0000-4000-8000-000000000000";
    for (const [type, id] of [
      ["Registry", nobody],
      ["Token", `${registryId}/${nobody}`],
      ["Scope", `${registryId}/${nobody}/${nobody}`],
      ["GCSchedule", nobody],
    ] as const) {
      assert.equal((await plugin.read(type, id)).id, "", type);
    }
  });

  it("says how an id must look", async () => {
    await assert.rejects(plugin.read("Token", "ci"), {
      details: 'a Token is imported by <registryId>/<tokenId>, and "ci" is not of that form',
    });
    await assert.rejects(plugin.read("Registry", "shop"), {
      details: 'a Registry is imported by <registryId>, and "shop" is not of that form',
    });
  });

  it("refreshes what the server changed since, and keeps what only the program knows", async () => {
    const inputs = { registryId, name: "spans", expiresIn: "30d", rotateBefore: "7d" };
    const { id, state } = await plugin.create("Token", inputs);
    const path = `/registries/${registryId}/tokens/${id}`;
    await manage(server.url, "PATCH", path, { status: "disabled" });
    const found = await plugin.read("Token", id, { state, inputs });
    assert.deepEqual(found.inputs, { ...inputs, status: "disabled" });
    assert.deepEqual(found.state, { ...state, status: "disabled" });
  });
});
