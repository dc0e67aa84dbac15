import assert from "node:assert/strict";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { SMALL } from "../../../support/deployed-options.ts";
import {
  isSecret,
  output,
  PluginClient,
  revealed,
  secret,
  UNKNOWN,
  urn,
} from "../../../support/plugin-client.ts";
import { type MadeOutputs, ResourceMonitor } from "../../../support/resource-monitor.ts";

const CONFIG = '{"auths":{"registry.example.com/shop":{"auth":"YTpi"}}}';
const SECRET = "kubernetes:core/v1:Secret";
const REGISTRY_ID = "5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11";

/** Outputs that the engine would have from this plugin. */
const made: MadeOutputs = ({ type, name }) => {
  switch (type) {
    case "moorage:index:Token":
      return { dockerConfigJson: secret(CONFIG) };
    case "moorage:index:Registry":
      return { registryId: REGISTRY_ID, hostname: `${name}.example.com`, endpoint: `host/${name}` };
    case "moorage:index:GeneratedKeys":
      return { masterKey: secret(`${"A".repeat(43)}=`), ownerPassword: secret("generated") };
    default:
      return {};
  }
};

describe("components that the plugin makes", () => {
  let plugin: PluginClient;
  let engine: ResourceMonitor;
  beforeEach(async () => {
    plugin = await PluginClient.start();
    engine = await ResourceMonitor.start(made);
  });
  afterEach(async () => {
    plugin[Symbol.dispose]();
    await engine[Symbol.asyncDispose]();
  });

  it("are made of the plugin's own resources, within the component", async () => {
    const { urn: component, state } = await plugin.construct(
      "HostedRegistry",
      { registry: { location: "de/fra" }, pullSecret: { namespaces: ["shop"] } },
      engine.address,
    );
    assert.equal(component, "urn:pulumi:stack::project::moorage:kubernetes:HostedRegistry::shop");
    assert.deepEqual(engine.resources.map(({ type }) => type).sort(), [
      "kubernetes:core/v1:Secret",
      "moorage:index:GCSchedule",
      "moorage:index:Registry",
      "moorage:index:Token",
      "moorage:kubernetes:HostedRegistry",
      "moorage:kubernetes:PullSecret",
      "pulumi:providers:kubernetes",
    ]);
    const registry = engine.one("moorage:index:Registry");
    assert.deepEqual(registry.inputs, { location: "de/fra", forceDestroy: true });
    assert.equal(registry.request.parent, component);
    assert.equal(registry.request.version, "0.1.0");
    const schedule = engine.one("moorage:index:GCSchedule");
    assert.deepEqual(schedule.dependenciesOf("registryId"), [registry.urn]);
    assert.deepEqual(state, {
      registryId: REGISTRY_ID,
      endpoint: "host/shop",
      secretName: "moorage-pull",
    });
    assert.deepEqual(engine.outputs.get(component), state);
  });

  it("tell which resources their outputs come from, and keep secrets", async () => {
    const { state, dependenciesOf } = await plugin.construct(
      "PullSecret",
      { namespaces: ["a", "b"], registryIds: [REGISTRY_ID] },
      engine.address,
    );
    const token = engine.one("moorage:index:Token");
    assert.ok(isSecret(state["dockerConfigJson"]));
    assert.equal(revealed(state["dockerConfigJson"]), CONFIG);
    assert.deepEqual(dependenciesOf("dockerConfigJson"), [token.urn]);
    assert.deepEqual(token.request.additionalsecretoutputsList, [
      "password",
      "dockerConfigJson",
      "dockerLogin",
    ]);
    const secrets = engine.of(SECRET);
    assert.equal(secrets.length, 2);
    for (const each of secrets) {
      assert.ok(isSecret(each.inputs["stringData"]));
      assert.deepEqual(each.dependenciesOf("stringData"), [token.urn]);
    }
  });

  it("have generated keys where none are given, without a server", async () => {
    const { state } = await plugin.construct("RegistryServer", SMALL, engine.address);
    const keys = engine.one("moorage:index:GeneratedKeys");
    const { stringData } = engine.one(SECRET).inputs;
    assert.deepEqual(revealed(stringData), {
      "master-key": `${"A".repeat(43)}=`,
      "owner-password": "generated",
    });
    assert.deepEqual(engine.one(SECRET).dependenciesOf("stringData"), [keys.urn]);
    assert.ok(isSecret(state["masterKey"]) && isSecret(state["ownerPassword"]));
    assert.equal(state["endpoint"], "https://registry.example.com");
  });

  it("take the token of a program as a whole", async () => {
    engine.known = { dockerConfigJson: secret(CONFIG) };
    const token = { ...resource("moorage:index:Token") };
    await plugin.construct(
      "PullSecret",
      { namespaces: ["a"], credentials: [token] },
      engine.address,
    );
    assert.deepEqual(revealed(engine.one(SECRET).inputs["stringData"]), {
      ".dockerconfigjson": JSON.stringify(JSON.parse(CONFIG)),
    });
  });

  it("say what is wrong with their arguments, all of it, in sentences", async () => {
    for (const [type, inputs, sentences] of WRONG) {
      await assert.rejects(plugin.construct(type, inputs, engine.address), {
        code: 3,
        details: sentences.join("\n"),
      });
    }
    const others = engine.resources
      .map(({ type }) => type)
      .filter((type) => !/:kubernetes:/.test(type));
    assert.deepEqual(others, [], "nothing is declared of a component that is refused");
  });

  it("tell the engine that the plugin is attached to what they do", async () => {
    const attachment = new plugins.PluginAttach();
    attachment.setAddress(engine.address);
    await plugin.call("attach", attachment);
    const credentials = [{ registry: "a", username: "b", password: "c" }];
    await plugin.construct("PullSecret", { namespaces: ["a"], credentials }, engine.address);
    assert.ok(engine.log.some((line) => line.includes("moorage:kubernetes:PullSecret")));
  });

  it("have no methods, and say so", async () => {
    const call = new pb.CallRequest();
    call.setTok("moorage:kubernetes:PullSecret/renew");
    await assert.rejects(plugin.call("call", call), {
      details: "the component PullSecret has no method renew; it has none at all",
    });
  });
});

const LATER = "must be known before anything is deployed: it decides which objects there are";
const SHOWN = "must not be secret: it can be read in objects that are not";
const WRONG = [
  [
    "HostedRegistry",
    { registry: "shop", pullSecrets: {} },
    [
      "shop.pullSecret: is missing",
      'shop: there is no argument "pullSecrets"; there are registry, schedule, pullSecret, route',
      "shop.registry: must be an object",
    ],
  ],
  [
    "PullSecret",
    { namespaces: "shop", credentials: [{ token: "x" }] },
    [
      'shop.credentials.0: there is no argument "token"; there are dockerConfigJson, registry, username, password',
      "shop.namespaces: must be a list",
    ],
  ],
  [
    "PullSecret",
    { namespaces: ["shop", "shop"], registryIds: [REGISTRY_ID] },
    ["shop.namespaces: must name each namespace once"],
  ],
  [
    "HostedRegistry",
    { registry: {}, pullSecret: { namespaces: [] }, route: { name: "a", namespace: "b" } },
    ["shop.registry.location: is missing", "shop.route.parent: is missing"],
  ],
  [
    "HostedRegistry",
    { registry: { location: "de/fra" }, pullSecret: { namespaces: [] } },
    ["shop.pullSecret.namespaces: must name at least one namespace"],
  ],
  [
    "RegistryServer",
    { ...SMALL, host: "https://a", service: { type: "NodePort", nodePort: 70_000 } },
    [
      "shop.host: must be a host name in lower case, such as registry.example.com",
      "shop.service.nodePort: must be a port from 1 to 65535",
    ],
  ],
  [
    "PullSecret",
    { namespaces: [UNKNOWN], serviceAccounts: secret(["default"]) },
    [`shop.namespaces.0: ${LATER}`, `shop.serviceAccounts.0: ${SHOWN}`],
  ],
  ["PullSecret", { namespaces: output({}) }, [`shop.namespaces: ${LATER}`]],
  [
    "RegistryServer",
    { ...SMALL, settings: { A: output({ value: "b", secret: true }) } },
    [`shop.settings: ${SHOWN}`],
  ],
] as const;

function resource(type: string): Record<string, unknown> {
  return {
    "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e",
    urn: urn(type.split(":").at(-1) ?? "", "ci"),
    id: "1",
    packageVersion: "0.1.0",
  };
}
