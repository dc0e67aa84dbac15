import assert from "node:assert/strict";
import type { PropertyBag } from "../../../provider/pulumi/src/resources/resource.ts";
import { user } from "../../../provider/pulumi/src/resources/user.ts";
import { manage } from "../../support/management.ts";
import { PluginClient, revealed } from "../../support/plugin-client.ts";
import { pulumiContext, type TestContext } from "../../support/pulumi-context.ts";
import { OWNER_EMAIL, OWNER_PASSWORD, RunningServer } from "../../support/running-server.ts";

describe("a user's life", () => {
  let server: RunningServer;
  let context: TestContext;
  before(async () => {
    server = await RunningServer.start();
    context = pulumiContext(server.url);
  });
  after(async () => {
    await context[Symbol.asyncDispose]();
    await server.stop();
  });

  const inputsOf = (more: PropertyBag = {}): PropertyBag => ({
    resourceName: "ops",
    email: "Ops@moorage.example",
    role: "reader",
    ...more,
  });
  const diff = (id: string, state: PropertyBag, news: PropertyBag) =>
    user.diff(context, { id, state, news, unknown: new Set() });
  const isLetIn = async ({ email, password }: PropertyBag): Promise<boolean> => {
    const who = { username: String(email), password: String(password) };
    const answer = await manage(server.url, "GET", "/registries", undefined, who);
    await answer.arrayBuffer();
    return answer.status === 200;
  };

  it("begins with a generated password, does not drift, and ends", async () => {
    const { id, state } = await user.create(context, inputsOf());
    assert.equal(state["userId"], id);
    assert.ok(await isLetIn(state));
    assert.deepEqual(await user.read(context, id, state), { id, state });
    assert.deepEqual(await diff(id, state, inputsOf({ email: "ops@moorage.example" })), {
      changes: [],
      replaces: [],
    });
    await user.delete(context, id, state);
    assert.equal(await user.read(context, id, state), undefined);
    await user.delete(context, id, state);
  });

  it("changes role, name and password in place, and the address by another user", async () => {
    const { id, state } = await user.create(context, inputsOf({ password: "the first password" }));
    const changes = { role: "developer", displayName: "Operations", password: "the next password" };
    const news = inputsOf(changes);
    assert.deepEqual((await diff(id, state, news)).changes, Object.keys(changes));
    const updated = await user.update(context, id, state, news);
    assert.deepEqual([await isLetIn(state), await isLetIn(updated)], [false, true]);
    const { password: _, ...left } = news;
    assert.deepEqual((await diff(id, updated, left)).changes, []);
    const moved = await diff(id, updated, inputsOf({ ...changes, email: "dev@moorage.example" }));
    assert.deepEqual(moved, { changes: ["email"], replaces: ["email"] });
    await user.delete(context, id, updated);
  });

  it("is imported by the plugin by its id, without its password", async () => {
    using plugin = await PluginClient.start();
    await plugin.configure({
      endpoint: server.url,
      username: OWNER_EMAIL,
      password: OWNER_PASSWORD,
    });
    const inputs = { email: "ci@moorage.example", role: "reader" };
    const { id, state } = await plugin.create("User", inputs);
    assert.ok(String(revealed(state["password"])).length >= 12);
    const refreshed = await plugin.read("User", id, { state, inputs });
    assert.deepEqual([refreshed.state, refreshed.inputs], [state, inputs]);
    const found = await plugin.read("User", id);
    assert.deepEqual(found.inputs, inputs);
    assert.equal(revealed(found.state["password"]), "");
    const compared = { id, state: found.state, inputs: found.inputs, news: inputs };
    assert.deepEqual((await plugin.diff("User", compared)).diffsList, []);
  });

  it("shows a password as a secret wherever the plugin hands it back", async () => {
    using plugin = await PluginClient.start();
    await plugin.configure({
      endpoint: server.url,
      username: OWNER_EMAIL,
      password: OWNER_PASSWORD,
    });
    const news = { email: "x@moorage.example", role: "reader", password: "a secret of a person" };
    const { inputs } = await plugin.check("User", news);
    assert.notEqual(inputs["password"], news.password);
    assert.equal(revealed(inputs["password"]), news.password);
    const foreseen = await plugin.create("User", { ...news, password: null }, { preview: true });
    assert.notEqual(foreseen.state["password"], undefined, "a program may wait for it");
  });
});
