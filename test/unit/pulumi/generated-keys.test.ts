import assert from "node:assert/strict";
import { serverKeys } from "@moorage/core/deployment/registry-server";
import { isSecret, PluginClient, revealed, UNKNOWN } from "../../support/plugin-client.ts";

const TYPE = "GeneratedKeys";

describe("generated keys in the plugin", () => {
  let plugin: PluginClient;
  beforeEach(async () => {
    plugin = await PluginClient.start();
  });
  afterEach(() => plugin[Symbol.dispose]());

  it("are such as a server takes, other ones each time, and secret", async () => {
    const made = await Promise.all([1, 2].map(() => plugin.create(TYPE, {})));
    const keys = made.map(({ state }) => {
      assert.ok(Object.values(state).every(isSecret));
      return Object.fromEntries(Object.entries(state).map(([key, each]) => [key, revealed(each)]));
    });
    for (const each of keys) assert.ok(serverKeys.safeParse(each).success);
    assert.notEqual(keys[0]?.["masterKey"], keys[1]?.["masterKey"]);
    assert.notEqual(keys[0]?.["ownerPassword"], keys[1]?.["ownerPassword"]);
  });

  it("need no server: there may be none before there are keys", async () => {
    for (const settings of [{}, { endpoint: UNKNOWN }]) {
      await plugin.configure(settings);
      assert.deepEqual((await plugin.check(TYPE, {})).failures, []);
      const { id, state } = await plugin.create(TYPE, {});
      const compared = { id, state, inputs: {}, news: {} };
      assert.deepEqual((await plugin.diff(TYPE, compared)).changes, 1);
      assert.deepEqual(await plugin.read(TYPE, id, { state, inputs: {} }), {
        id,
        state,
        inputs: {},
      });
      await plugin.delete(TYPE, id, state);
    }
    assert.equal((await plugin.check("Registry", { location: "de/fra" })).failures.length, 0);
  });

  it("are not known in a preview, take no arguments, and cannot be imported", async () => {
    const { state } = await plugin.create(TYPE, {}, { preview: true });
    assert.deepEqual(Object.values(state).map(revealed), [UNKNOWN, UNKNOWN]);
    const { failures } = await plugin.check(TYPE, { bits: 256 });
    assert.match(failures[0]?.[1] ?? "", /there is no argument "bits"/);
    await assert.rejects(plugin.read(TYPE, "keys"), {
      details: 'keys "shop": they exist in the state of their stack alone, and cannot be imported',
    });
  });
});
