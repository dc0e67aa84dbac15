import assert from "node:assert/strict";
import path from "node:path";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { run } from "../../../../tools/obtain/run.ts";
import { REPOSITORY } from "../../../../tools/repository.ts";
import { eventually } from "../../../support/eventually.ts";
import { PluginClient, type Wire } from "../../../support/plugin-client.ts";
import { ResourceMonitor } from "../../../support/resource-monitor.ts";

const PACKAGE = path.join(REPOSITORY, "provider", "pulumi");
const LAUNCHER = path.join(PACKAGE, "bin", "pulumi-resource-moorage");
const HOSTED: Wire = { registry: { location: "de/fra" }, pullSecret: { namespaces: ["shop"] } };
const SECRET = "kubernetes:core/v1:Secret";
const SCHEDULE = "moorage:index:GCSchedule";
const TOKEN = { dockerConfigJson: '{"auths":{}}' };

describe("a process of the plugin that makes components", function () {
  this.timeout(120_000);

  it("tells what the engine refuses of one, and goes on serving", async () => {
    await using engine = await ResourceMonitor.start(({ type }) => {
      if (type === SCHEDULE) throw new Error("the engine does not want it");
      return {};
    });
    using plugin = await PluginClient.spawn(LAUNCHER, engine.address);
    const construct = (type: string, inputs: Wire) =>
      plugin.construct(type, inputs, engine.address);
    await assert.rejects(construct("HostedRegistry", HOSTED), /the engine does not want it/);
    const credentials = [{ registry: "a", username: "b", password: "c" }];
    const { state } = await construct("PullSecret", { namespaces: ["shop"], credentials });
    assert.equal(state["secretName"], "moorage-pull");
  });

  it("ends a component that is under way when the run is cancelled", async () => {
    await using engine = await ResourceMonitor.start(({ type }) =>
      type === SCHEDULE ? "silence" : TOKEN,
    );
    using plugin = await PluginClient.spawn(LAUNCHER, engine.address);
    const refused = assert.rejects(plugin.construct("HostedRegistry", HOSTED, engine.address), {
      code: 1,
      details: "the component was not made: the run was cancelled",
    });
    await eventually("its schedule", async () => engine.of(SCHEDULE)[0]);
    await plugin.call("cancel", new empty.Empty());
    await refused;
  });

  it("makes them from its bundle, too, in which only the plugin's code is", async () => {
    const { code, errors } = await run("node", ["build.ts"], { folder: PACKAGE });
    assert.equal(code, 0, errors);
    await using engine = await ResourceMonitor.start(() => TOKEN);
    const launcher = path.join(PACKAGE, "dist", "bundle", "pulumi-resource-moorage");
    using plugin = await PluginClient.spawn(launcher, engine.address);
    const options = { image: "registry.example.com/server:1", host: "registry.example.com" };
    const { state } = await plugin.construct("RegistryServer", options, engine.address);
    assert.equal(state["endpoint"], "https://registry.example.com");
    await plugin.construct("HostedRegistry", HOSTED, engine.address);
    assert.equal(engine.of(SECRET).length, 2);
    assert.ok(engine.log.length > 0, "it must be in touch with the engine");
  });
});
