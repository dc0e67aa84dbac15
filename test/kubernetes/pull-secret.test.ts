import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { dockerConfigJson } from "@moorage/core/deployment/docker-config";
import type { KubernetesObject } from "@moorage/core/deployment/kubernetes-object";
import { pullSecretObjects } from "@moorage/core/deployment/pull-secret";
import { ClientHome } from "../support/client-home.ts";
import { KubernetesApi } from "../support/kubernetes-api.ts";
import { type MadeToken, makeToken, PULL_ONLY } from "../support/management.ts";
import { writeSmallImage } from "../support/oci-layout.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

describe("a pull secret, on a real Kubernetes API server,", function () {
  this.timeout(240_000);
  let api: KubernetesApi;
  let under: RegistryUnderTest;
  let home: ClientHome;

  before(async () => {
    [api, under, home] = await Promise.all([
      KubernetesApi.start(),
      startRegistry(),
      ClientHome.make(),
    ]);
    await api.kubectl(["create", "namespace", "one"]);
    await api.kubectl(["create", "namespace", "two"]);
    const image = await writeSmallImage(home.file("image"));
    const push = ["copy", "--insecure-policy", "--dest-tls-verify=false"];
    const { username, password } = under.token;
    const target = `docker://${under.server.host}/shop/team/app:1`;
    await home.run(
      "skopeo",
      ...push,
      "--dest-creds",
      `${username}:${password}`,
      `oci:${image.path}:latest`,
      target,
    );
  });
  after(async () => {
    await api?.[Symbol.asyncDispose]();
    await under?.server.stop();
    await home?.remove();
  });

  const options = { name: "pull", namespaces: ["one", "two"], serviceAccounts: ["default"] };
  const objectsFor = (token: MadeToken) => {
    const registry = `${under.server.host}/shop`;
    return pullSecretObjects(options, dockerConfigJson([{ registry, ...login(token) }]));
  };

  it("lets pull who reads it from the cluster, in each of its namespaces", async () => {
    const token = await makeToken(under.server.url, under.registry, "puller", [PULL_ONLY]);
    const objects = objectsFor(token);
    await api.apply(objects);
    for (const secret of objects.filter(({ kind }) => kind === "Secret")) {
      assert.equal(await pullWith(secret), 0);
    }
  });

  it("is used by pods of the service accounts, which keep what else they have", async () => {
    const account = { apiVersion: "v1", kind: "ServiceAccount" };
    const existing = {
      ...account,
      metadata: { name: "app", namespace: "one", labels: { a: "b" } },
    };
    await api.kubectl(["create", "-f", "-"], [existing]);
    const token = await makeToken(under.server.url, under.registry, "attached", [PULL_ONLY]);
    const config = dockerConfigJson([{ registry: `${under.server.host}/shop`, ...login(token) }]);
    await api.apply(pullSecretObjects({ namespaces: ["one"], serviceAccounts: ["app"] }, config));
    const kept = await api.read(existing);
    assert.deepEqual(kept["imagePullSecrets"], [{ name: "moorage-pull" }]);
    assert.deepEqual(kept.metadata.labels, { a: "b" });
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "app", namespace: "one" },
      spec: { serviceAccountName: "app", containers: [{ name: "app", image: "app" }] },
    };
    const dryRun = ["create", "--dry-run=server", "-o", "json", "-f", "-"];
    const admitted = JSON.parse(await api.kubectl(dryRun, [pod]));
    assert.deepEqual((admitted.items?.[0] ?? admitted).spec.imagePullSecrets, [
      { name: "moorage-pull" },
    ]);
  });

  it("changes in place when its token is rotated: it is the same Secret all along", async () => {
    const before = objectsFor(
      await makeToken(under.server.url, under.registry, "old", [PULL_ONLY]),
    );
    await api.apply(before);
    const secret = before[0];
    assert.ok(secret);
    const { uid } = (await api.read(secret)).metadata;
    const token = await makeToken(under.server.url, under.registry, "new", [PULL_ONLY]);
    await api.apply(objectsFor(token));
    assert.equal((await api.read(secret)).metadata.uid, uid);
    assert.equal(await pullWith(secret), 0);
    assert.match(await keptConfig(secret), new RegExp(`"${token.username}"`));
  });

  it("does not let push", async () => {
    const token = await makeToken(under.server.url, under.registry, "no-pusher", [PULL_ONLY]);
    const [secret] = objectsFor(token);
    assert.ok(secret);
    await api.apply(objectsFor(token));
    const authfile = await authfileOf(secret);
    const args = ["copy", "--insecure-policy", "--dest-tls-verify=false", "--authfile", authfile];
    const target = `docker://${under.server.host}/shop/team/app:2`;
    assert.match(
      await home.fail("skopeo", ...args, `oci:${home.file("image")}:latest`, target),
      /denied/i,
    );
  });

  async function keptConfig(secret: KubernetesObject): Promise<string> {
    const { data } = (await api.read(secret)) as unknown as { data: Record<string, string> };
    return Buffer.from(data[".dockerconfigjson"] ?? "", "base64").toString();
  }

  async function authfileOf(secret: KubernetesObject): Promise<string> {
    const file = home.file("pull-secret.json");
    await writeFile(file, await keptConfig(secret), { mode: 0o600 });
    return file;
  }

  async function pullWith(secret: KubernetesObject): Promise<number> {
    const authfile = await authfileOf(secret);
    const args = ["inspect", "--raw", "--tls-verify=false", "--authfile", authfile];
    const source = `docker://${under.server.host}/shop/team/app:1`;
    return (await home.try("skopeo", ...args, source)).code;
  }
});

function login({ username, password }: MadeToken) {
  return { username, password };
}
