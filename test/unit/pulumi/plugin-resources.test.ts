import assert from "node:assert/strict";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { makeRegistry, manage } from "../../support/management.ts";
import {
  isSecret,
  PluginClient,
  revealed,
  secret,
  UNKNOWN,
  type Wire,
} from "../../support/plugin-client.ts";
import { OWNER_EMAIL, OWNER_PASSWORD, RunningServer } from "../../support/running-server.ts";

const { ADD, DELETE, UPDATE, UPDATE_REPLACE } = pb.PropertyDiff.Kind;
const SHOP = { location: "de/fra", vulnerabilityScanning: true };
const PULL = { type: "repository", name: "*", actions: ["pull"] };

describe("the plugin's resources", () => {
  let server: RunningServer;
  let plugin: PluginClient;
  let registryId: string;
  before(async () => {
    server = await RunningServer.start();
    registryId = (await makeRegistry(server.url, "home")).id;
    plugin = await PluginClient.start();
    await plugin.configure({
      endpoint: server.url,
      username: OWNER_EMAIL,
      password: secret(OWNER_PASSWORD),
    });
  });
  after(async () => {
    plugin[Symbol.dispose]();
    await server.stop();
  });

  const details = ({ detaileddiffMap }: pb.DiffResponse.AsObject): unknown =>
    Object.fromEntries(
      detaileddiffMap.map(([path, { kind, inputdiff }]) => [path, [kind, inputdiff]]),
    );

  it("are named when they are checked, by the program's name and the engine's seed", async () => {
    const first = await plugin.check("Registry", SHOP);
    assert.match(String(first.inputs["name"]), /^shop-[0-9a-f]{7}$/);
    assert.deepEqual(await plugin.check("Registry", SHOP), first);
    const other = await plugin.check("Registry", SHOP, {}, "another seed");
    assert.notEqual(other.inputs["name"], first.inputs["name"]);
    const again = await plugin.check("Registry", SHOP, first.inputs, "another seed");
    assert.deepEqual(again.inputs, first.inputs);
    const named = await plugin.check("Registry", { ...SHOP, name: "mine" }, first.inputs);
    assert.deepEqual(named.inputs, { ...SHOP, name: "mine" });
    const schedule = { registryId, days: ["Sunday"], time: "03:30" };
    assert.deepEqual((await plugin.check("GCSchedule", schedule)).inputs, schedule);
  });

  it("are previewed with what is known, made as previewed, and do not differ then", async () => {
    const { inputs } = await plugin.check("Registry", SHOP);
    const foreseen = await plugin.create("Registry", inputs, { preview: true });
    assert.equal(foreseen.id, "");
    assert.equal(foreseen.state["endpoint"], UNKNOWN);
    assert.equal(foreseen.state["visibility"], "private");
    const { id, state } = await plugin.create("Registry", inputs);
    assert.deepEqual([state["name"], state["registryId"]], [inputs["name"], id]);
    assert.ok(!("resourceName" in state) && !("__autoNamed" in state));
    const same = await plugin.diff("Registry", { id, state, inputs, news: inputs });
    assert.deepEqual(
      [same.changes, same.hasdetaileddiff],
      [pb.DiffResponse.DiffChanges.DIFF_NONE, true],
    );
    await plugin.delete("Registry", id, state);
    await plugin.delete("Registry", id, state);
    assert.equal((await plugin.read("Registry", id, { state, inputs })).id, "");
  });

  it("say where within a property the program changed something", async () => {
    const inputs = { registryId, scopes: [PULL, { ...PULL, name: "a/*" }], expiresIn: "30d" };
    const { id, state } = await plugin.create("Token", inputs, { name: "detail" });
    const scopes = [
      { ...PULL, actions: ["pull", "push"] },
      { ...PULL, name: "b/*" },
    ];
    const news: Wire = { registryId, scopes, description: "for CI", expiresIn: "60d" };
    const found = await plugin.diff("Token", { id, state, inputs, news });
    assert.deepEqual(details(found), {
      "scopes[0].actions[1]": [ADD, true],
      "scopes[1].name": [UPDATE, true],
      expiresIn: [UPDATE, true],
      description: [ADD, true],
    });
    const { scopes: _, ...fewer } = inputs;
    const narrowed = await plugin.diff("Token", { id, state, inputs, news: fewer });
    assert.deepEqual(details(narrowed), { scopes: [DELETE, true] });
    const ignoring = ["scopes", "expiresIn"];
    const rest = await plugin.diff("Token", { id, state, inputs, news, ignoring });
    assert.deepEqual(rest.diffsList, ["description"]);
    const moved = await plugin.diff("Token", {
      id,
      state,
      inputs,
      news: { ...inputs, registryId: UNKNOWN },
    });
    assert.deepEqual(details(moved), { registryId: [UPDATE_REPLACE, true] });
    assert.deepEqual(moved.replacesList, ["registryId"]);
    await plugin.delete("Token", id, state);
  });

  it("tell drift from a change of the program", async () => {
    const { inputs } = await plugin.check("Registry", SHOP, {}, "drift");
    const { id, state } = await plugin.create("Registry", inputs);
    await manage(server.url, "PATCH", `/registries/${id}`, { visibility: "public" });
    const found = await plugin.read("Registry", id, { state, inputs });
    assert.deepEqual(found.inputs, { ...inputs, visibility: "public" });
    const compared = { id, state: found.state, inputs, news: inputs };
    assert.deepEqual(details(await plugin.diff("Registry", compared)), {
      visibility: [DELETE, false],
    });
    const mended = await plugin.update("Registry", compared);
    assert.equal(mended["visibility"], "private");
    await plugin.delete("Registry", id, mended);
  });

  it("go first where their successor bears the same name", async () => {
    const inputs = { ...SHOP, name: "fixed" };
    const { id, state } = await plugin.create("Registry", inputs);
    const news = { ...inputs, location: "us/las" };
    const moved = await plugin.diff("Registry", { id, state, inputs, news });
    assert.deepEqual([moved.replacesList, moved.deletebeforereplace], [["location"], true]);
    const renamed = { ...news, name: "other" };
    const other = await plugin.diff("Registry", { id, state, inputs, news: renamed });
    assert.equal(other.deletebeforereplace, false);
    await plugin.delete("Registry", id, state);
  });

  it("keep secrets secret, those that go in and those that come out", async () => {
    const inputs = { registryId: secret(registryId), scopes: [{ ...PULL, name: secret("a/*") }] };
    const { id, state } = await plugin.create("Token", inputs, { name: "hidden" });
    const hidden = Object.keys(state).filter((key) => isSecret(state[key]));
    assert.deepEqual(hidden.sort(), [
      "dockerConfigJson",
      "dockerLogin",
      "password",
      "registryId",
      "scopes",
    ]);
    const found = await plugin.read("Token", id, { state, inputs });
    assert.deepEqual(found.state, state);
    assert.ok(isSecret(found.inputs["scopes"]) && isSecret(found.inputs["registryId"]));
    await plugin.delete("Token", id, state);
    const wrong = { registryId, description: secret("x".repeat(300)) };
    const { failures } = await plugin.check("Token", wrong);
    assert.equal(failures.length, 1);
    assert.equal(failures[0]?.[0], "", "the engine prints the value of a property that is named");
    assert.match(failures[0]?.[1] ?? "", /^description must be text of at most 256 characters$/);
  });

  it("renew in a preview what an update will renew", async () => {
    const inputs = { registryId, name: "fixed", expiresIn: "2h" };
    const { id, state } = await plugin.create("Token", inputs);
    const news = { ...inputs, rotateBefore: "3h" };
    const foreseen = await plugin.update("Token", { id, state, inputs, news }, true);
    for (const key of ["password", "dockerLogin", "expiryDate"]) {
      assert.equal(revealed(foreseen[key]), UNKNOWN, key);
    }
    assert.equal(foreseen["tokenId"], id);
    const described = { ...inputs, description: "for CI" };
    const kept = await plugin.update("Token", { id, state, inputs, news: described }, true);
    assert.deepEqual(kept, { ...state, description: "for CI" });
    const renewed = await plugin.update("Token", { id, state, inputs, news });
    assert.notEqual(revealed(renewed["password"]), revealed(state["password"]));
    await plugin.delete("Token", id, renewed);
  });

  it("refuse a type that there is not", async () => {
    await assert.rejects(plugin.check("Bucket", {}), {
      details:
        "there is no resource moorage:index:Bucket; there are Registry, Token, Scope, GCSchedule, Repository, User, GeneratedKeys",
    });
  });

  it("are made a hundred at a time", async () => {
    const tokens = await Promise.all(
      Array.from({ length: 100 }, (_, number) =>
        plugin.create("Token", { registryId }, { name: `many${number}` }),
      ),
    );
    assert.equal(new Set(tokens.map(({ id }) => id)).size, 100);
    await Promise.all(tokens.map(({ id, state }) => plugin.delete("Token", id, state)));
  });
});
