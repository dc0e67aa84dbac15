import assert from "node:assert/strict";
import aliases from "@pulumi/pulumi/proto/alias_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import {
  isSecret,
  output,
  PluginClient,
  revealed,
  secret,
  UNKNOWN,
  type Wire,
} from "../../../support/plugin-client.ts";
import { ResourceMonitor } from "../../../support/resource-monitor.ts";

const URN = "urn:pulumi:stack::project::";
const SECRET = "kubernetes:core/v1:Secret";
const COMPONENT = "moorage:kubernetes:PullSecret";
const LOGIN = { registry: "a", username: "b", password: "c" };
const INPUTS: Wire = { namespaces: ["one"], credentials: [LOGIN] };

describe("the options of a component that the plugin makes", () => {
  let plugin: PluginClient;
  let engine: ResourceMonitor;
  beforeEach(async () => {
    plugin = await PluginClient.start();
    engine = await ResourceMonitor.start();
  });
  afterEach(async () => {
    plugin[Symbol.dispose]();
    await engine[Symbol.asyncDispose]();
  });

  const construct = (inputs: Wire, options: (request: pb.ConstructRequest) => void = () => {}) =>
    plugin.construct("PullSecret", inputs, engine.address, options);

  it("put it below its parent, under the names that it had before, after what it depends on", async () => {
    const [parent, before, old] = [`${URN}a:b:C::p`, `${URN}a:b:C::d`, `${URN}a:b:C::o`];
    await construct(INPUTS, (request) => {
      request.setParent(parent);
      request.setDependenciesList([before]);
      const spec = new aliases.Alias.Spec();
      spec.setName("renamed");
      spec.setParenturn(old);
      const [alias, whole] = [new aliases.Alias(), new aliases.Alias()];
      alias.setSpec(spec);
      whole.setUrn(old);
      request.setAliasesList([alias, whole]);
    });
    const { request, urn } = engine.one(COMPONENT);
    assert.equal(urn, `${URN}a:b:C$${COMPONENT}::shop`);
    assert.deepEqual([request.parent, request.dependenciesList], [parent, [before]]);
    assert.deepEqual(
      request.aliasesList.map(({ spec, urn: alias }) => [
        spec?.name,
        spec?.parenturn,
        alias || undefined,
      ]),
      [
        ["renamed", old, undefined],
        [undefined, undefined, old],
      ],
    );
    assert.equal(engine.one(SECRET).request.parent, urn);
  });

  it("pass providers on to what is within", async () => {
    const [kubernetes, moorage] = [
      `${URN}pulumi:providers:kubernetes::mine::1`,
      `${URN}pulumi:providers:moorage::other::2`,
    ];
    const inputs = { namespaces: ["one"], registryIds: ["1"], credentials: [LOGIN] };
    await assert.rejects(
      construct(inputs, (request) => {
        request.getProvidersMap().set("kubernetes", kubernetes);
        request.getProvidersMap().set("moorage", moorage);
      }),
      { code: 3, details: /dockerConfigJson must be JSON/ },
    );
    assert.equal(engine.one("moorage:index:Token").request.provider, moorage);
    assert.deepEqual(engine.of("pulumi:providers:kubernetes"), []);
    await construct(INPUTS, (request) => {
      request.getProvidersMap().set("kubernetes", kubernetes);
    });
    assert.equal(engine.one(SECRET).request.provider, kubernetes);
  });

  it("protect it and what is within, and say how it is deleted", async () => {
    await construct(INPUTS, (request) => {
      request.setProtect(true);
      request.setRetainondelete(true);
      request.setDeletedwith(`${URN}a:b:C::d`);
    });
    const { request } = engine.one(COMPONENT);
    assert.deepEqual([request.protect, request.retainondelete], [true, true]);
    assert.equal(request.deletedwith, `${URN}a:b:C::d`);
    // The rest reaches what is within by the engine.
    assert.equal(engine.one(SECRET).request.protect, true);
  });

  it("say nothing of what the program does not say", async () => {
    await construct(INPUTS);
    const { protect, retainondelete, dependenciesList } = engine.one(SECRET).request;
    assert.deepEqual([protect, retainondelete, dependenciesList], [undefined, undefined, []]);
  });

  it("ask the stack's configuration for the cluster, as programs do", async () => {
    await construct(INPUTS, (request) => {
      request.getConfigMap().set("kubernetes:context", "kind-test");
    });
    const { inputs } = engine.one("pulumi:providers:kubernetes");
    assert.deepEqual(inputs, { context: "kind-test", enableSecretMutable: "true" });
  });

  it("are followed in a preview, where late values are unknown", async () => {
    const credentials = [{ ...LOGIN, username: UNKNOWN, password: secret(UNKNOWN) }];
    const { state } = await construct({ ...INPUTS, credentials }, (request) => {
      request.setDryrun(true);
    });
    assert.equal(revealed(state["dockerConfigJson"]), UNKNOWN);
    assert.equal(state["secretName"], "moorage-pull");
    const { stringData } = engine.one(SECRET).inputs;
    assert.ok(JSON.stringify(stringData).includes(UNKNOWN));
  });

  it("keep secrets and origins of each argument, however the engine tells them", async () => {
    const [one, two, three] = ["1", "2", "3"].map((name) => `${URN}a:b:C::${name}`);
    const username = output({ value: "b", dependencies: [one ?? ""] });
    await construct(
      {
        namespaces: output({ value: ["one"], dependencies: [two ?? ""] }),
        credentials: [{ ...LOGIN, username }],
      },
      (request) => {
        const urns = new pb.ConstructRequest.PropertyDependencies();
        urns.setUrnsList([three ?? ""]);
        request.getInputdependenciesMap().set("credentials", urns);
      },
    );
    const declared = engine.one(SECRET);
    assert.ok(isSecret(declared.inputs["stringData"]));
    assert.deepEqual([...declared.dependenciesOf("stringData")].sort(), [one, three]);
    // What is plain decides about all objects: the component comes after it.
    assert.deepEqual([...engine.one(COMPONENT).request.dependenciesList].sort(), [two, three]);
  });

  it("are kept apart where several components are made at once", async () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    await Promise.all(
      names.map((name, index) =>
        construct({ ...INPUTS, name }, (request) => {
          request.setName(name);
          request.setDryrun(index % 2 === 0);
          request.getConfigMap().set("kubernetes:context", `context-${name}`);
        }),
      ),
    );
    for (const name of names) {
      const provider = engine
        .of("pulumi:providers:kubernetes")
        .find((each) => each.name === `${name}-kubernetes`);
      assert.equal(provider?.inputs["context"], `context-${name}`);
    }
    assert.equal(engine.of(SECRET).length, names.length);
  });
});
