import assert from "node:assert/strict";
import { registriesResponse } from "@moorage/core/contract/registry";
import { gatewayCluster } from "../../support/gateway-cluster.ts";
import type { KubernetesApi } from "../../support/kubernetes-api.ts";
import { manage } from "../../support/management.ts";
import { RunningServer } from "../../support/running-server.ts";
import { YamlStack } from "../../support/yaml-stack.ts";

const program = (namespaces: string) => `
resources:
  cluster:
    type: pulumi:providers:kubernetes
    properties: { enableSecretMutable: true, kubeconfig: KUBECONFIG }
  away:
    type: kubernetes:core/v1:Namespace
    properties: { apiVersion: v1, kind: Namespace, metadata: { name: away } }
    options: { provider: "\${cluster}" }
  other:
    type: moorage:Registry
    properties: { location: de/fra, name: other }
  shop:
    type: moorage:kubernetes:HostedRegistry
    properties:
      registry: { location: de/fra, name: shop }
      pullSecret: { namespaces: [one] }
  pull:
    type: moorage:kubernetes:PullSecret
    properties:
      name: both
      namespaces: ${namespaces}
      registryIds: ["\${other.registryId}"]
      credentials:
        - registry: elsewhere.example
          username: puller
          password: { fn::secret: hidden-word }
    options: { providers: ["\${cluster}"], dependsOn: ["\${away}"], protect: true }
  server:
    type: moorage:kubernetes:RegistryServer
    properties:
      image: registry.example.com/moorage/server:1
      host: registry.example.com
outputs:
  endpoint: \${shop.endpoint}
  secret: \${shop.secretName}
  config: \${pull.dockerConfigJson}
  masterKey: \${server.masterKey}
`;

const unprotected = (namespaces: string) => program(namespaces).replace(", protect: true", "");

// One story: each step needs the ones before it.
describe("components of the plugin in a program in YAML", function () {
  this.timeout(300_000);
  let server: RunningServer;
  let cluster: KubernetesApi;
  let stack: YamlStack;
  before(async () => {
    server = await RunningServer.start();
    cluster = await gatewayCluster(["one"]);
    stack = await YamlStack.create(server.url);
    await stack.cli.must(["config", "set", "kubernetes:kubeconfig", cluster.kubeconfig]);
  });
  after(async () => {
    await stack?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
    await server?.stop();
  });

  const write = (text: string) => stack.write(text.replace("KUBECONFIG", cluster.kubeconfig));
  const secretOf = async (name: string, namespace: string): Promise<Record<string, unknown>> => {
    const asked = ["get", "secret", name, "--namespace", namespace, "-o", "json"];
    const { data } = JSON.parse(await cluster.kubectl(asked));
    return JSON.parse(Buffer.from(data[".dockerconfigjson"], "base64").toString()).auths;
  };

  it("are previewed, deployed, and have no difference afterwards", async () => {
    await write(program("[away, one]"));
    const { create } = await stack.cli.preview();
    assert.deepEqual(await stack.cli.up(), { create });
    assert.deepEqual(await stack.cli.up(), { same: create });
  });

  it("make what the same components make in TypeScript, and keep secrets", async () => {
    const { config = "", endpoint = "", masterKey = "", secret = "" } = await stack.cli.outputs();
    assert.equal(endpoint, `${server.host}/shop`);
    assert.ok(endpoint in (await secretOf(secret, "one")));
    for (const namespace of ["one", "away"]) {
      const auths = await secretOf("both", namespace);
      assert.ok("elsewhere.example" in auths && `${server.host}/other` in auths);
    }
    const asked = ["get", "secret", "moorage-keys", "--namespace", "moorage", "-o", "json"];
    const { data } = JSON.parse(await cluster.kubectl(asked));
    assert.equal(Buffer.from(data["master-key"], "base64").toString(), masterKey);
    const written = await stack.cli.written();
    for (const hidden of [config, masterKey]) {
      assert.ok(hidden.length > 20 && !written.includes(hidden), "a file holds a secret");
    }
  });

  it("follow the program where a namespace goes, and are protected where it says so", async () => {
    const refused = await stack.cli.run(["destroy", "--yes", "--skip-preview"]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.output + refused.errors, /protect/);
    await write(unprotected("[away, one]"));
    await stack.cli.up();
    await write(unprotected("[one]"));
    const { delete: deleted } = await stack.cli.up();
    assert.equal(deleted, 1);
    await assert.rejects(secretOf("both", "away"));
  });

  it("refuse, in a sentence, what is wrong", async () => {
    await write(unprotected("[One]"));
    const printed = await stack.cli.upRefused();
    assert.match(printed, /pull\.namespaces\.0: must be lower-case letters, digits and hyphens/);
    await write(program("[one]").replace("host: reg", "hots: reg"));
    assert.match(await stack.cli.upRefused(), /hots/);
  });

  it("leave nothing behind", async () => {
    await write(unprotected("[one]"));
    await stack.cli.up();
    await stack.cli.must(["destroy", "--yes", "--skip-preview"]);
    const answer = await manage(server.url, "GET", "/registries");
    assert.deepEqual(registriesResponse.parse(await answer.json()).items ?? [], []);
    const secrets = JSON.parse(await cluster.kubectl(["get", "secrets", "-A", "-o", "json"]));
    assert.deepEqual(secrets.items, []);
  });
});
