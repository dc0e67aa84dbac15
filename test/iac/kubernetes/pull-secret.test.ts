import assert from "node:assert/strict";
import { KubernetesStack } from "../../support/kubernetes-stack.ts";
import { makeRegistry } from "../../support/management.ts";
import { pushManifest } from "../../support/push-manifest.ts";

const NAMESPACES = ["one", "two", "three"];

/** Two registries of the same server by tokens, one by a token that the component makes, and one of somebody else's. */
const program = (registryIds: readonly string[], namespaces: readonly string[]) => `
const tokens = ${JSON.stringify(registryIds.slice(0, 2))}.map((registryId, index) => new Token("given-" + index, {
  registryId,
  scopes: [{ type: "repository", name: "*", actions: ["pull"] }],
}));
const pull = new PullSecret("pull", {
  name: "registries",
  namespaces: ${JSON.stringify(namespaces)},
  serviceAccounts: ["default", "app"],
  labels: { team: "platform" },
  credentials: [...tokens, { registry: "other.example.com", username: "somebody", password: pulumi.secret("of theirs") }],
  registryIds: ${JSON.stringify(registryIds.slice(2))},
});
export const secretName = pull.secretName;
export const dockerConfigJson = pull.dockerConfigJson;
`;

// One story: each step needs the ones before it.
describe("the component PullSecret, deployed to a real API server", function () {
  this.timeout(300_000);
  let stack: KubernetesStack;
  const registryIds: string[] = [];
  before(async () => {
    stack = await KubernetesStack.create(NAMESPACES);
    const { api, server } = stack;
    for (const namespace of NAMESPACES) {
      await api.kubectl(["create", "serviceaccount", "app", "--namespace", namespace]);
    }
    for (const name of ["shop", "bank", "mill"]) {
      const registry = await makeRegistry(server.url, name);
      registryIds.push(registry.id);
      await pushManifest(server.url, `${name}/app`);
    }
  });
  after(() => stack?.[Symbol.asyncDispose]());

  const get = async (kind: string, name: string, namespace: string) =>
    JSON.parse(
      await stack.api.kubectl(["get", kind, name, "--namespace", namespace, "-o", "json"]),
    );
  const secrets = async (): Promise<string[]> => {
    const { items } = JSON.parse(await stack.api.kubectl(["get", "secret", "-A", "-o", "json"]));
    return items.map(({ metadata }: { metadata: { namespace: string } }) => metadata.namespace);
  };
  const loginsIn = async (namespace: string): Promise<Record<string, { auth: string }>> => {
    const { data } = await get("secret", "registries", namespace);
    return JSON.parse(Buffer.from(data[".dockerconfigjson"], "base64").toString()).auths;
  };

  it("merges several registries into one Secret in each of several namespaces", async () => {
    await stack.write(program(registryIds, ["one", "two"]));
    await stack.cli.up();
    assert.deepEqual(await stack.cli.up("--expect-no-changes"), { same: 12 });
    assert.deepEqual((await secrets()).sort(), ["one", "two"]);
    for (const namespace of ["one", "two"]) {
      const { metadata, type } = await get("secret", "registries", namespace);
      assert.equal(type, "kubernetes.io/dockerconfigjson");
      assert.equal(metadata.labels.team, "platform");
      const logins = await loginsIn(namespace);
      const registries = ["shop", "bank", "mill"].map((name) => `${stack.server.host}/${name}`);
      assert.deepEqual(Object.keys(logins).sort(), [...registries, "other.example.com"].sort());
    }
  });

  it("holds a login for each registry that pulls there, and nowhere else", async () => {
    const logins = await loginsIn("one");
    for (const name of ["shop", "bank", "mill"]) {
      const { auth } = logins[`${stack.server.host}/${name}`] ?? { auth: "" };
      for (const other of ["shop", "bank", "mill"]) {
        const answer = await fetch(`${stack.server.url}/v2/${other}/app/manifests/latest`, {
          headers: { authorization: `Basic ${auth}` },
        });
        await answer.arrayBuffer();
        assert.equal(answer.ok, other === name, `${name}'s login at ${other}: ${answer.status}`);
      }
    }
  });

  it("is named by the service accounts, so that new pods use it", async () => {
    for (const namespace of ["one", "two"]) {
      for (const account of ["default", "app"]) {
        const { imagePullSecrets } = await get("serviceaccount", account, namespace);
        assert.deepEqual(imagePullSecrets, [{ name: "registries" }], `${namespace}/${account}`);
      }
    }
  });

  it("follows its list of namespaces, and leaves the others as they were", async () => {
    const { metadata } = await get("secret", "registries", "two");
    await stack.write(program(registryIds, ["two", "three"]));
    const changes = await stack.cli.up();
    assert.deepEqual(changes, { create: 3, delete: 3, same: 9 });
    assert.deepEqual((await secrets()).sort(), ["three", "two"]);
    assert.equal((await get("secret", "registries", "two")).metadata.uid, metadata.uid);
    assert.equal((await get("serviceaccount", "app", "one")).imagePullSecrets, undefined);
  });

  it("keeps no password in the clear", async () => {
    const { dockerConfigJson = "" } = await stack.cli.outputs();
    const { auths } = JSON.parse(dockerConfigJson);
    const written = await stack.cli.written();
    for (const { auth, password } of Object.values<{ auth: string; password: string }>(auths)) {
      assert.ok(!written.includes(auth));
      // The one of somebody else's stands in the program.
      if (password !== "of theirs") assert.ok(!written.includes(password));
    }
  });

  it("leaves nothing in the cluster, and the service accounts as they were", async () => {
    await stack.cli.must(["destroy", "--yes", "--skip-preview"]);
    assert.deepEqual(await secrets(), []);
    for (const account of ["default", "app"]) {
      assert.equal((await get("serviceaccount", account, "two")).imagePullSecrets, undefined);
    }
  });
});
