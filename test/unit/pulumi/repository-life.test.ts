import assert from "node:assert/strict";
import { repository } from "../../../provider/pulumi/src/resources/repository.ts";
import type { PropertyBag } from "../../../provider/pulumi/src/resources/resource.ts";
import { type MadeRegistry, makeRegistry } from "../../support/management.ts";
import { PluginClient } from "../../support/plugin-client.ts";
import { pulumiContext, type TestContext } from "../../support/pulumi-context.ts";
import { pushManifest } from "../../support/push-manifest.ts";
import { OWNER_EMAIL, OWNER_PASSWORD, RunningServer } from "../../support/running-server.ts";

describe("a repository's life", () => {
  let server: RunningServer;
  let home: MadeRegistry;
  let context: TestContext;
  before(async () => {
    server = await RunningServer.start();
    home = await makeRegistry(server.url, "shop");
    context = pulumiContext(server.url);
  });
  after(async () => {
    await context[Symbol.asyncDispose]();
    await server.stop();
  });

  const inputsOf = (name: string, more: PropertyBag = {}): PropertyBag => ({
    resourceName: "app",
    registryId: home.id,
    name,
    ...more,
  });
  const holds = async (name: string): Promise<boolean> =>
    (await context.client.repositories.get(home.id, name)) !== undefined;

  it("is declared before anything is pushed, and does not drift when something is", async () => {
    const news = inputsOf("team/app");
    const { id, state } = await repository.create(context, news);
    assert.equal(state["url"], `${server.host}/shop/team/app`);
    assert.deepEqual(await repository.read(context, id, state), { id, state });
    await pushManifest(server.url, "shop/team/app");
    assert.deepEqual(await repository.read(context, id, state), { id, state });
    const request = { id, state, news, unknown: new Set<string>() };
    assert.deepEqual(await repository.diff(context, request), { changes: [], replaces: [] });
    const moved = { ...request, news: inputsOf("team/other", { forceDestroy: true }) };
    assert.deepEqual(await repository.diff(context, moved), {
      changes: ["name", "forceDestroy"],
      replaces: ["name"],
    });
  });

  it("goes with its content when forced, and is not deleted otherwise", async () => {
    const { id, state } = await repository.create(context, inputsOf("team/kept"));
    await pushManifest(server.url, "shop/team/kept");
    await assert.rejects(repository.delete(context, id, state), {
      message: /^it holds artifacts and is not deleted: set forceDestroy to true/,
    });
    assert.ok(await holds("team/kept"));
    const forced = await repository.update(
      context,
      id,
      state,
      inputsOf("team/kept", { forceDestroy: true }),
    );
    await repository.delete(context, id, forced);
    assert.equal(await holds("team/kept"), false);
  });

  it("is deleted without force while it holds nothing", async () => {
    const { id, state } = await repository.create(context, inputsOf("team/empty"));
    await repository.delete(context, id, state);
  });

  it("is imported by the plugin by its registry's id and its name", async () => {
    using plugin = await PluginClient.start();
    await plugin.configure({
      endpoint: server.url,
      username: OWNER_EMAIL,
      password: OWNER_PASSWORD,
    });
    const found = await plugin.read("Repository", `${home.id}/team/deep/app`);
    assert.equal(found.id, "team/deep/app");
    assert.deepEqual(found.inputs, { registryId: home.id, name: "team/deep/app" });
    await assert.rejects(plugin.read("Repository", `${home.id}/Team`), {
      details: /is imported by <registryId>\/<name>/,
    });
  });
});
