import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { registriesResponse, registry as registryAnswer } from "@moorage/core/contract/registry";
import { tokensResponse } from "@moorage/core/contract/token";
import { ClientHome } from "../../support/client-home.ts";
import type { KubernetesApi } from "../../support/kubernetes-api.ts";
import { KubernetesStack } from "../../support/kubernetes-stack.ts";
import { makeToken, manage } from "../../support/management.ts";
import { writeSmallImage } from "../../support/oci-layout.ts";
import { PullingPods } from "../../support/pulling-pods.ts";
import type { PulumiStack } from "../../support/pulumi-stack.ts";

const NAMESPACES = ["one", "two"];
const program = (rotateBefore: string) => `
const shop = new HostedRegistry("shop", {
  registry: { location: "de/fra" },
  pullSecret: {
    namespaces: ${JSON.stringify(NAMESPACES)},
    serviceAccounts: ["default"],
    expiresIn: "2h",
    rotateBefore: "${rotateBefore}",
  },
  route: { name: "shop", namespace: "moorage", parent: { name: "public", namespace: "gateway" } },
});
export const registryId = shop.registryId;
export const endpoint = shop.endpoint;
export const secretName = shop.secretName;
`;

// One story: each step needs the ones before it.
describe("the component HostedRegistry, deployed to a real API server", function () {
  this.timeout(300_000);
  let stack: KubernetesStack;
  let cli: PulumiStack;
  let api: KubernetesApi;
  let home: ClientHome;
  let pods: PullingPods;
  before(async () => {
    stack = await KubernetesStack.create([...NAMESPACES, "moorage"]);
    home = await ClientHome.make();
    ({ api, cli } = stack);
  });
  after(async () => {
    await stack?.[Symbol.asyncDispose]();
    await home?.remove();
  });

  const get = async (kind: string, name: string, namespace: string) =>
    JSON.parse(await api.kubectl(["get", kind, name, "--namespace", namespace, "-o", "json"]));
  const list = async (kind: string): Promise<string[]> => {
    const { items } = JSON.parse(await api.kubectl(["get", kind, "-A", "-o", "json"]));
    return items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
  };
  const tokens = async (registryId: string | undefined) => {
    const answer = await manage(stack.server.url, "GET", `/registries/${registryId}/tokens`);
    return tokensResponse.parse(await answer.json()).items ?? [];
  };

  it("is previewed, deployed, and has no difference afterwards", async () => {
    await stack.write(program("30m"));
    // The stack, the component, registry, schedule, PullSecret, token, provider, two Secrets, two accounts, the route.
    assert.deepEqual(await cli.preview(), { create: 12 });
    assert.deepEqual(await cli.up(), { create: 12 });
    assert.deepEqual(await cli.up(), { same: 12 });
    await cli.must(["preview", "--refresh", "--expect-no-changes"]);
  });

  it("has a schedule, and leads the registry's host name to the server", async () => {
    const { registryId } = await cli.outputs();
    const answer = await manage(stack.server.url, "GET", `/registries/${registryId}`);
    const { properties } = registryAnswer.parse(await answer.json());
    assert.deepEqual(properties.garbageCollectionSchedule?.days, ["Sunday"]);
    const { spec } = await get("httproute", "shop", "moorage");
    assert.deepEqual(spec.hostnames, [properties.hostname]);
  });

  it("lets skopeo pull by the Secret of each namespace, and the accounts' pods use it", async () => {
    const { registryId = "", endpoint = "", secretName = "" } = await cli.outputs();
    const image = await writeSmallImage(home.file("image"));
    const registry = { id: registryId, name: "" };
    const {
      id: pusher,
      username,
      password,
    } = await makeToken(stack.server.url, registry, "pusher");
    const reference = `docker://${endpoint}/team/app:1`;
    const login = ["--dest-creds", `${username}:${password}`, "--dest-tls-verify=false"];
    const from = `oci:${image.path}:latest`;
    await home.run("skopeo", "copy", "--insecure-policy", ...login, from, reference);
    for (const namespace of NAMESPACES) {
      const { data } = await get("secret", secretName, namespace);
      const authfile = home.file(`${namespace}.json`);
      await writeFile(authfile, Buffer.from(data[".dockerconfigjson"], "base64"));
      const use = ["--tls-verify=false", "--authfile", authfile];
      await home.run("skopeo", "inspect", "--raw", ...use, reference);
      const account = await get("serviceaccount", "default", namespace);
      assert.deepEqual(account.imagePullSecrets, [{ name: secretName }]);
    }
    await manage(stack.server.url, "DELETE", `/registries/${registryId}/tokens/${pusher}`);
    pods = new PullingPods({ kubeconfig: api.kubeconfig, url: stack.server.url, endpoint });
  });

  it("rotates its token without a moment in which pods cannot pull", async () => {
    const { registryId, secretName = "" } = await cli.outputs();
    const before = await get("secret", secretName, "one");
    const [old] = await tokens(registryId);
    await stack.write(program("119m59s"));
    const seen = await pods.pullWhile(secretName, NAMESPACES, () => cli.up());
    assert.deepEqual(seen.failures, []);
    const changes = await cli.lastChanges();
    assert.deepEqual(changes, { replace: 1, update: 2, same: 9 });
    const [renewed, ...others] = await tokens(registryId);
    assert.deepEqual(others, [], "the old token is gone");
    assert.notEqual(renewed?.id, old?.id);
    for (const namespace of NAMESPACES) {
      assert.equal(seen.logins.get(namespace)?.size, 2, `${namespace}: both logins were used`);
    }
    const { metadata } = await get("secret", secretName, "one");
    assert.equal(metadata.uid, before.metadata.uid, "it is the same Secret");
  });

  it("makes again what somebody deleted in the cluster", async () => {
    await stack.write(program("30m"));
    await cli.up();
    const { secretName = "" } = await cli.outputs();
    await api.kubectl(["delete", "secret", secretName, "--namespace", "one"]);
    await api.kubectl(["delete", "httproute", "shop", "--namespace", "moorage"]);
    assert.equal((await cli.up("--refresh"))["create"], 2);
    await get("httproute", "shop", "moorage");
    await get("secret", secretName, "one");
  });

  it("leaves nothing: no registry with its content, no token, no Secret, no route", async () => {
    const { registryId } = await cli.outputs();
    await cli.must(["destroy", "--yes", "--skip-preview"]);
    const answer = await manage(stack.server.url, "GET", "/registries");
    assert.deepEqual(registriesResponse.parse(await answer.json()).items, []);
    const gone = await manage(stack.server.url, "GET", `/registries/${registryId}/tokens`);
    assert.equal(gone.status, 404);
    assert.deepEqual(await list("secrets"), []);
    assert.deepEqual(await list("httproutes"), []);
    const account = await get("serviceaccount", "default", "one");
    assert.equal(account.imagePullSecrets, undefined, "the account is as it was");
  });
});
