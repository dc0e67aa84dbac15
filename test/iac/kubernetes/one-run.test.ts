import assert from "node:assert/strict";
import { freePorts } from "../../support/free-port.ts";
import { KubernetesStack } from "../../support/kubernetes-stack.ts";
import { StandInNode } from "../../support/stand-in-node.ts";

/** Ports of nodes are among these; connections have theirs above. */
const NODE_PORT_MIN = 30_600;
const IMAGE = "moorage:local";

/** A server, and what is in it: the endpoint and the password are outputs of the same stack. */
const program = (url: string, nodePort: number) => `
import { Provider } from "@moorage/pulumi/plugin";
const server = new RegistryServer("server", {
  image: "${IMAGE}",
  host: "registry.example.com",
  publicUrl: "${url}",
  service: { type: "NodePort", nodePort: ${nodePort} },
});
const provider = new Provider("moorage", {
  endpoint: server.endpoint,
  username: server.ownerEmail,
  password: server.ownerPassword.apply((password) => password ?? ""),
});
const inServer = { provider, dependsOn: server };
const shop = new Registry("shop", { location: "de/fra", forceDestroy: true }, inServer);
const puller = new Token("puller", {
  registryId: shop.registryId,
  scopes: [{ type: "repository", name: "*", actions: ["pull"] }],
}, inServer);
new PullSecret("pull", { namespaces: ["default"], serviceAccounts: ["default"], credentials: [puller] });
export const endpoint = shop.endpoint;
`;

// One story: each step needs the ones before it.
describe("a stack with a server on Kubernetes and what is in it", function () {
  this.timeout(300_000);
  let stack: KubernetesStack;
  let node: StandInNode;
  let url: string;
  before(async () => {
    const nodePort = await freePorts(1, NODE_PORT_MIN);
    url = `http://127.0.0.1:${nodePort}`;
    stack = await KubernetesStack.create([]);
    node = await StandInNode.start(stack.api, IMAGE, nodePort);
    await stack.cli.findPlugin();
    await stack.write(program(url, nodePort), "@moorage/pulumi/plugin");
  });
  after(async () => {
    await node?.[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
  });

  it("is previewed before there is a server", async () => {
    assert.deepEqual(Object.keys(await stack.cli.preview()), ["create"]);
  });

  it("is deployed by one `up`, and has no difference afterwards", async () => {
    await stack.cli.up();
    const { endpoint = "" } = await stack.cli.outputs();
    assert.ok(endpoint.startsWith(`${new URL(url).host}/shop-`));
    const get = ["get", "secret", "moorage-pull", "-o", "jsonpath={.data.\\.dockerconfigjson}"];
    const config = Buffer.from(await stack.api.kubectl(get), "base64").toString();
    const { auth } = JSON.parse(config).auths[endpoint];
    const answer = await fetch(`${url}/v2/`, { headers: { authorization: `Basic ${auth}` } });
    await answer.arrayBuffer();
    assert.equal(answer.status, 200);
    await stack.cli.up("--expect-no-changes");
  });

  it("is taken away by one `destroy`, what is in the server first", async () => {
    await stack.cli.must(["destroy", "--yes", "--skip-preview"]);
    const args = ["get", "namespace/moorage", "secret/moorage-pull", "--ignore-not-found"];
    assert.equal(await stack.api.kubectl(args), "");
  });
});
