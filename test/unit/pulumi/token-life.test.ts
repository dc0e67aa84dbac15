import assert from "node:assert/strict";
import type { PropertyBag } from "../../../provider/pulumi/src/resources/resource.ts";
import { token } from "../../../provider/pulumi/src/resources/token.ts";
import { basic, type MadeRegistry, makeRegistry } from "../../support/management.ts";
import { pulumiContext, type TestContext } from "../../support/pulumi-context.ts";
import { RunningServer } from "../../support/running-server.ts";

const DAY = 86_400_000;
const PULL = { type: "repository", name: "*", actions: ["pull"] };
const PUSH = { type: "repository", name: "*", actions: ["pull", "push"] };

describe("a token's life", () => {
  let server: RunningServer;
  let registry: MadeRegistry;
  let context: TestContext;
  before(async () => {
    server = await RunningServer.start();
    registry = await makeRegistry(server.url, "shop");
  });
  after(() => server.stop());
  beforeEach(() => {
    context = pulumiContext(server.url);
  });
  afterEach(async () => {
    for await (const each of context.client.tokens.list(registry.id)) {
      await context.client.tokens.delete(registry.id, each.id);
    }
    await context[Symbol.asyncDispose]();
  });

  const inputsOf = (more: PropertyBag = {}): PropertyBag => ({
    resourceName: "ci",
    registryId: registry.id,
    scopes: [PULL],
    ...more,
  });
  const diff = (id: string, state: PropertyBag, news: PropertyBag, unknown: string[] = []) =>
    token.diff(context, { id, state, news, unknown: new Set(unknown) });
  const isLetIn = async (state: PropertyBag): Promise<boolean> => {
    const credentials = {
      username: String(state["username"]),
      password: String(state["password"]),
    };
    const answer = await fetch(`${server.url}/v2/`, {
      headers: { authorization: basic(credentials) },
    });
    await answer.arrayBuffer();
    return answer.status === 200;
  };

  it("begins with a name of its own, a secret and ways to log in", async () => {
    const { id, state } = await token.create(context, inputsOf({ expiresIn: "30d" }));
    assert.equal(state["tokenId"], id);
    assert.match(String(state["username"]), /^ci-test\d+$/);
    assert.ok(String(state["password"]).length >= 32);
    assert.match(String(state["dockerLogin"]), /docker login --username 'ci-test\d+'/);
    assert.ok(String(state["dockerConfigJson"]).includes(`${server.host}/shop`));
    assert.equal(await isLetIn(state), true);
  });

  it("does not drift between runs", async () => {
    const news = inputsOf({ expiresIn: "30d", rotateBefore: "7d" });
    const { id, state } = await token.create(context, news);
    context.advance(20 * DAY);
    assert.deepEqual(await diff(id, state, news), { changes: [], replaces: [] });
    const sameSpan = { ...news, expiresIn: "720h", rotateBefore: "1w" };
    assert.deepEqual((await diff(id, state, sameSpan)).changes, []);
    const live = await token.read(context, id, state);
    assert.deepEqual(live?.state, state);
  });

  it("is replaced within its rotation window, when expired, when gone, and by a trigger", async () => {
    const news = inputsOf({ expiresIn: "30d", rotateBefore: "7d", triggers: ["a"] });
    const { id, state } = await token.create(context, news);
    assert.deepEqual((await diff(id, state, { ...news, triggers: ["b"] })).replaces, ["triggers"]);
    context.advance(23 * DAY + 60_000);
    assert.deepEqual((await diff(id, state, news)).replaces, ["expiryDate"]);
    context.advance(7 * DAY);
    assert.deepEqual((await diff(id, state, news)).replaces, ["tokenId"]);
    context.advance(-20 * DAY);
    await token.delete(context, id, state);
    assert.deepEqual((await diff(id, state, news)).replaces, ["tokenId"]);
    assert.equal(await token.read(context, id, state), undefined);
    await token.delete(context, id, state);
  });

  it("is replaced in time when somebody brought its expiry forward", async () => {
    const news = inputsOf({ expiresIn: "30d", rotateBefore: "7d" });
    const { id, state } = await token.create(context, news);
    const expiryDate = new Date(Date.now() + 2 * DAY).toISOString();
    await context.client.tokens.patch(registry.id, id, { expiryDate });
    assert.deepEqual((await diff(id, state, news)).replaces, ["expiryDate"]);
  });

  it("overlaps with its successor's, whose name differs", async () => {
    const news = inputsOf({ expiresIn: "30d" });
    const old = await token.create(context, news);
    const successor = await token.create(context, news);
    assert.notEqual(old.state["username"], successor.state["username"]);
    assert.deepEqual([await isLetIn(old.state), await isLetIn(successor.state)], [true, true]);
    await token.delete(context, old.id, old.state);
    assert.deepEqual([await isLetIn(old.state), await isLetIn(successor.state)], [false, true]);
  });

  it("is renewed in place where the name is fixed, and the old secret works on", async () => {
    const news = inputsOf({ name: "fixed", expiresIn: "30d", rotateBefore: "7d" });
    const { id, state } = await token.create(context, news);
    context.advance(24 * DAY);
    const difference = await diff(id, state, news);
    assert.deepEqual(difference, { changes: ["expiryDate"], replaces: [] });
    const renewed = await token.update(context, id, state, news);
    assert.notEqual(renewed["password"], state["password"]);
    assert.deepEqual([await isLetIn(state), await isLetIn(renewed)], [true, true]);
    assert.ok(String(renewed["dockerLogin"]).includes(String(renewed["password"])));
    assert.ok(Date.parse(String(renewed["expiryDate"])) > Date.parse(String(state["expiryDate"])));
    assert.deepEqual((await diff(id, renewed, news)).changes, []);
  });

  it("is renewed in place where the program asks for it, for the grace period that it gives", async () => {
    const inPlace = { rotation: "in-place", gracePeriod: "0s", triggers: ["a"] };
    const { id, state } = await token.create(context, inputsOf(inPlace));
    const news = inputsOf({ ...inPlace, triggers: ["b"] });
    const difference = await diff(id, state, news);
    assert.deepEqual(difference, { changes: ["triggers"], replaces: [] });
    const renewed = await token.update(context, id, state, news);
    assert.equal(renewed["name"], state["name"]);
    assert.deepEqual([await isLetIn(state), await isLetIn(renewed)], [false, true]);
    const again = { ...news, gracePeriod: "2d", triggers: ["c"] };
    const kept = await token.update(context, id, renewed, again);
    assert.deepEqual([await isLetIn(renewed), await isLetIn(kept)], [true, true]);
    const replaced = inputsOf({ triggers: ["d"] });
    assert.deepEqual((await diff(id, kept, replaced)).replaces, ["triggers"]);
  });

  it("changes scopes, status and expiry in place and keeps its secret", async () => {
    const { id, state } = await token.create(context, inputsOf({ expiresIn: "30d" }));
    const news = inputsOf({ scopes: [PUSH], status: "disabled", description: "off" });
    const difference = await diff(id, state, news);
    assert.deepEqual(difference.replaces, []);
    const expected = ["scopes", "expiryDate", "expiresIn", "status", "description"];
    assert.deepEqual(difference.changes, expected);
    const updated = await token.update(context, id, state, news);
    assert.equal(updated["password"], state["password"]);
    assert.equal(updated["expiryDate"], undefined);
    assert.equal(await isLetIn(updated), false);
    assert.deepEqual((await diff(id, updated, news)).changes, []);
  });

  it("shows drift after a read, and mends it", async () => {
    const news = inputsOf();
    const { id, state } = await token.create(context, news);
    await context.client.tokens.patch(registry.id, id, { status: "disabled", scopes: [] });
    const live = await token.read(context, id, state);
    assert.deepEqual((await diff(id, live?.state ?? {}, news)).changes, ["scopes", "status"]);
    await token.update(context, id, live?.state ?? {}, news);
    const mended = await context.client.tokens.get(registry.id, id);
    assert.equal(mended?.properties.status, "enabled");
    assert.equal(mended.properties.scopes?.length, 1);
  });

  it("leaves scopes to Scope resources when it has none of its own", async () => {
    const { scopes: _, ...news } = inputsOf();
    const { id, state } = await token.create(context, news);
    const address = { registryId: registry.id, tokenId: id };
    await context.client.scopes.create(address, {
      type: "repository",
      name: "*",
      actions: ["pull"],
    });
    const live = await token.read(context, id, state);
    assert.deepEqual((await diff(id, live?.state ?? {}, news)).changes, []);
    await token.update(context, id, state, { ...news, description: "changed" });
    assert.equal((await context.client.scopes.list(address)).length, 1);
  });

  it("moves with its registry and its name", async () => {
    const { id, state } = await token.create(context, inputsOf());
    assert.deepEqual((await diff(id, state, inputsOf({ name: "other" }))).replaces, ["name"]);
    const unknown = await diff(id, state, inputsOf(), ["registryId"]);
    assert.deepEqual(unknown.replaces, ["registryId"]);
  });
});
