import assert from "node:assert/strict";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import {
  PluginClient,
  secret,
  UNKNOWN,
  urn,
  type Wire,
  wire,
} from "../../support/plugin-client.ts";

const NONE = pb.DiffResponse.DiffChanges.DIFF_NONE;
const SOME = pb.DiffResponse.DiffChanges.DIFF_SOME;
const UNSURE = pb.DiffResponse.DiffChanges.DIFF_UNKNOWN;
const settings = { endpoint: "http://127.0.0.1:9", username: "a@b.example", password: "secret" };

describe("the plugin's settings", () => {
  let plugin: PluginClient;
  beforeEach(async () => {
    plugin = await PluginClient.start();
  });
  afterEach(() => plugin[Symbol.dispose]());

  const checkConfig = async (news: Wire): Promise<pb.CheckResponse> => {
    const request = new pb.CheckRequest();
    request.setUrn(urn("moorage"));
    request.setNews(wire(news));
    return await plugin.call("checkConfig", request);
  };
  const diffConfig = async (old: Wire, news: Wire): Promise<pb.DiffResponse.AsObject> => {
    const request = new pb.DiffRequest();
    request.setOldInputs(wire(old));
    request.setNews(wire(news));
    return (await plugin.call<pb.DiffResponse>("diffConfig", request)).toObject();
  };

  it("are taken with what the engine adds to them, the password as a secret", async () => {
    const answer = await checkConfig({ ...settings, version: "0.1.0", pluginDownloadURL: "x" });
    assert.deepEqual(answer.getFailuresList(), []);
    const inputs = answer.getInputs()?.toJavaScript();
    assert.deepEqual(inputs?.["password"], secret("secret"));
    assert.equal(inputs?.["version"], "0.1.0");
  });

  it("are refused where the endpoint is none, and not before it is known", async () => {
    const [failure] = (await checkConfig({ ...settings, endpoint: "shop" })).getFailuresList();
    assert.equal(failure?.getProperty(), "endpoint");
    assert.match(failure?.getReason() ?? "", /endpoint/);
    assert.deepEqual((await checkConfig({ ...settings, endpoint: UNKNOWN })).getFailuresList(), []);
  });

  it("replace nothing when they change, credentials and address alike", async () => {
    const same = await diffConfig(settings, { ...settings, version: "0.2.0" });
    assert.equal(same.changes, NONE);
    const other = { ...settings, password: "new", endpoint: UNKNOWN };
    const { changes, diffsList, replacesList } = await diffConfig(settings, other);
    assert.deepEqual([changes, replacesList], [SOME, []]);
    assert.deepEqual(diffsList.sort(), ["endpoint", "password"]);
  });

  it("that are not known yet leave a preview possible, and nothing else", async () => {
    await plugin.configure({ ...settings, endpoint: UNKNOWN });
    const inputs = { location: "de/fra" };
    assert.deepEqual((await plugin.check("Registry", inputs)).failures, []);
    const { state } = await plugin.create("Registry", inputs, { preview: true });
    assert.equal(state["registryId"], UNKNOWN);
    const compared = { id: "1", state: {}, inputs, news: inputs };
    assert.equal((await plugin.diff("Registry", compared)).changes, UNSURE);
    const answer = await plugin.invoke("getLocations", {});
    assert.deepEqual(answer.answer, { locations: UNKNOWN });
    await assert.rejects(plugin.create("Registry", inputs), {
      details: 'registry "shop": the provider is not configured yet: endpoint is not known',
    });
  });

  it("that are missing are told before anything happens", async () => {
    await plugin.configure({ endpoint: settings.endpoint });
    const { failures } = await plugin.check("Registry", { location: "de/fra" });
    assert.equal(failures.length, 1);
    assert.match(failures[0]?.[1] ?? "", /the username of the Moorage server is not set/);
  });

  it("come from the environment where the stack says nothing", async () => {
    const environment = {
      MOORAGE_ENDPOINT: settings.endpoint,
      MOORAGE_USERNAME: settings.username,
      MOORAGE_PASSWORD: settings.password,
    };
    using other = await PluginClient.start(environment);
    await other.configure({});
    assert.deepEqual((await other.check("Registry", { location: "de/fra" })).failures, []);
    await assert.rejects(other.create("Registry", { location: "de/fra" }), {
      details: /^registry "shop": no server answers at http:\/\/127\.0\.0\.1:9/,
    });
  });
});
