import assert from "node:assert/strict";
import { gcSchedule } from "../../../provider/pulumi/src/resources/gc-schedule.ts";
import { registry } from "../../../provider/pulumi/src/resources/registry.ts";
import type { PropertyBag } from "../../../provider/pulumi/src/resources/resource.ts";
import { scope } from "../../../provider/pulumi/src/resources/scope.ts";
import { token } from "../../../provider/pulumi/src/resources/token.ts";
import { pulumiContext, type TestContext } from "../../support/pulumi-context.ts";
import { pushManifest } from "../../support/push-manifest.ts";
import { RunningServer } from "../../support/running-server.ts";

const INPUTS = { resourceName: "shop", location: "de/fra", vulnerabilityScanning: true };
const known = new Set<string>();

describe("resources on a server", () => {
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

  it("create a registry that can be used at once", async () => {
    const { id, state } = await registry.create(context, INPUTS);
    assert.equal(state["state"], "Running");
    assert.equal(state["registryId"], id);
    assert.equal(state["endpoint"], `${server.host}/${String(state["name"])}`);
    assert.deepEqual(await registry.read(context, id, state), { id, state });
    const request = { id, state, news: INPUTS, unknown: known };
    assert.deepEqual(await registry.diff(context, request), { changes: [], replaces: [] });
    await registry.delete(context, id, state);
    assert.equal(await registry.read(context, id, state), undefined);
    await registry.delete(context, id, state);
  });

  it("change a registry's settings in place, and its name by another one", async () => {
    const { id, state } = await registry.create(context, INPUTS);
    const news = { ...INPUTS, visibility: "public", apiSubnetAllowList: ["192.0.2.0/24"] };
    const request = { id, state, news, unknown: known };
    assert.deepEqual(await registry.diff(context, request), {
      changes: ["visibility", "apiSubnetAllowList"],
      replaces: [],
    });
    const updated = await registry.update(context, id, state, news);
    const back = { ...request, state: updated, news: INPUTS };
    assert.deepEqual((await registry.diff(context, back)).changes, [
      "visibility",
      "apiSubnetAllowList",
    ]);
    const renamed = { ...request, news: { ...INPUTS, name: "other" } };
    assert.deepEqual((await registry.diff(context, renamed)).replaces, ["name"]);
    await registry.delete(context, id, updated);
  });

  it("refuse to delete a registry that is protected", async () => {
    const { id, state } = await registry.create(context, { ...INPUTS, deletionProtection: true });
    await assert.rejects(registry.delete(context, id, state), /deletionProtection/);
    const open = await registry.update(context, id, state, INPUTS);
    await registry.delete(context, id, open);
  });

  it("refuse to delete a registry that holds artifacts, unless forced", async () => {
    const { id, state } = await registry.create(context, INPUTS);
    await pushManifest(server.url, `${String(state["name"])}/team/app`);
    await assert.rejects(registry.delete(context, id, state), {
      message: /^it holds artifacts and is not deleted: set forceDestroy to true/,
    });
    await registry.delete(context, id, { ...state, forceDestroy: true });
    assert.equal(await context.client.registries.get(id), undefined);
  });

  it("delete a registry whose artifacts are gone, without force", async () => {
    const { id, state } = await registry.create(context, INPUTS);
    await pushManifest(server.url, `${String(state["name"])}/team/app`);
    assert.equal(await context.client.repositories.delete(id, "team/app"), true);
    await registry.delete(context, id, state);
    assert.equal(await context.client.registries.get(id), undefined);
  });

  it("switch garbage collection on, over and off", async () => {
    const { id, state } = await registry.create(context, INPUTS);
    const inputs = { resourceName: "weekly", registryId: id, days: ["Sunday"], time: "19:30" };
    const made = await gcSchedule.create(context, inputs);
    const differs = async (news: PropertyBag): Promise<readonly string[]> =>
      (await gcSchedule.diff(context, { ...made, news, unknown: known })).changes;
    for (const time of ["19:30", "19:30:00", "19:30:00Z", "19:30:00+00:00"]) {
      assert.deepEqual(await differs({ ...inputs, time }), [], time);
    }
    assert.deepEqual(await differs({ ...inputs, time: "19:31" }), ["time"]);
    const daily = { ...inputs, days: ["Monday", "Sunday"] };
    assert.deepEqual(await differs(daily), ["days"]);
    assert.deepEqual(await differs({ ...inputs, deleteUntagged: false }), []);
    const thorough = { ...daily, deleteUntagged: true };
    assert.deepEqual(await differs(thorough), ["days", "deleteUntagged"]);
    await gcSchedule.update(context, made.id, made.state, thorough);
    const found = await context.client.registries.get(id);
    assert.deepEqual(found?.properties.garbageCollectionSchedule?.days, ["Monday", "Sunday"]);
    assert.equal(found.properties.garbageCollectionSchedule.deleteUntagged, true);
    await gcSchedule.delete(context, made.id, made.state);
    assert.equal(await gcSchedule.read(context, made.id, made.state), undefined);
    await registry.delete(context, id, state);
    await gcSchedule.delete(context, made.id, made.state);
  });

  it("keep twenty scopes of one token that are created at once", async () => {
    const home = await registry.create(context, INPUTS);
    const registryId = home.id;
    const owner = await token.create(context, { resourceName: "ci", registryId });
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        scope.create(context, {
          resourceName: `s${number}`,
          registryId,
          tokenId: owner.id,
          name: `team${number}/*`,
          actions: ["pull"],
        }),
      ),
    );
    const address = { registryId, tokenId: owner.id };
    const names = (await context.client.scopes.list(address)).map((each) => each.properties.name);
    assert.equal(new Set(names).size, 20);
    await Promise.all(made.map((each) => scope.delete(context, each.id, each.state)));
    assert.deepEqual(await context.client.scopes.list(address), []);
    await registry.delete(context, registryId, home.state);
  });

  it("change a scope in place, and take the order of actions for no change", async () => {
    const home = await registry.create(context, INPUTS);
    const owner = await token.create(context, { resourceName: "ci", registryId: home.id });
    const inputs = {
      resourceName: "s",
      registryId: home.id,
      tokenId: owner.id,
      name: "a/*",
      actions: ["pull", "push"],
    };
    const made = await scope.create(context, inputs);
    const turned = { ...inputs, actions: ["push", "pull"] };
    const request = { ...made, news: turned, unknown: known };
    assert.deepEqual(await scope.diff(context, request), { changes: [], replaces: [] });
    const narrowed = { ...inputs, actions: ["pull"] };
    assert.deepEqual((await scope.diff(context, { ...request, news: narrowed })).changes, [
      "actions",
    ]);
    const state = await scope.update(context, made.id, made.state, narrowed);
    assert.deepEqual(await scope.read(context, made.id, state), { id: made.id, state });
    await token.delete(context, owner.id, owner.state);
    assert.equal(await scope.read(context, made.id, state), undefined);
    await scope.delete(context, made.id, state);
    await registry.delete(context, home.id, home.state);
  });

  it("say what is missing when a token's registry is gone", async () => {
    const registryId = "00000000-0000-4000-8000-000000000000";
    await assert.rejects(token.create(context, { resourceName: "ci", registryId }), {
      message: `there is no registry ${registryId}`,
    });
  });
});
