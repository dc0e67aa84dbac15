import assert from "node:assert/strict";
import { registryServerObjects } from "@moorage/core/deployment/registry-server";
import type { RegistryServerOptions } from "@moorage/core/deployment/server-options";
import { EXTERNAL, SMALL } from "../../support/deployed-options.ts";
import { eventually } from "../../support/eventually.ts";
import { assertKept } from "../../support/kept-object.ts";
import { KubernetesStack } from "../../support/kubernetes-stack.ts";
import { OWNER } from "../../support/management.ts";
import { RunningServer } from "../../support/running-server.ts";

const EMBEDDED: RegistryServerOptions = {
  ...SMALL,
  addressing: "host",
  gateway: { className: "public", clusterIssuer: "letsencrypt", registryHosts: "*" },
  network: { from: [{ namespaceLabels: { "kubernetes.io/metadata.name": "gateway" } }] },
};
/** In a namespace that is somebody else's. */
const GUEST: RegistryServerOptions = {
  ...SMALL,
  name: "guest",
  namespace: "shared",
  createNamespace: false,
};
const program = (options: RegistryServerOptions) => `
const server = new RegistryServer("server", ${JSON.stringify(options)});
new RegistryServer("replicated", ${JSON.stringify({ ...EXTERNAL, keysSecretName: "keys" })});
new RegistryServer("guest", ${JSON.stringify(GUEST)});
export const endpoint = server.endpoint;
export const namespace = server.namespace;
export const ownerEmail = server.ownerEmail;
export const ownerPassword = server.ownerPassword;
export const masterKey = server.masterKey;
`;

// One story: each step needs the ones before it.
describe("the component RegistryServer, deployed to a real API server", function () {
  this.timeout(300_000);
  let stack: KubernetesStack;
  before(async () => {
    stack = await KubernetesStack.create(["shared"]);
  });
  after(() => stack?.[Symbol.asyncDispose]());

  const get = async (kind: string, name: string) =>
    JSON.parse(await stack.api.kubectl(["get", kind, name, "-n", "moorage", "-o", "json"]));
  const keys = async () => {
    const { masterKey, ownerPassword } = await stack.cli.outputs();
    return { masterKey, ownerPassword };
  };

  it("makes every object of three servers, and has no difference afterwards", async () => {
    await stack.write(program(EMBEDDED));
    await stack.cli.must(["preview"]);
    await stack.cli.up();
    await stack.cli.up("--expect-no-changes");
    const others = [
      ...registryServerObjects({ ...EXTERNAL, keysSecretName: "keys" }),
      ...registryServerObjects(GUEST),
    ];
    for (const object of [...registryServerObjects(EMBEDDED, await keys()), ...others]) {
      assertKept(await stack.api.read(object), object);
    }
  });

  it("starts the pods after what they read when they start", async () => {
    const { deployment } = JSON.parse(await stack.cli.must(["stack", "export"]));
    const resources: { urn: string; dependencies?: string[] }[] = deployment.resources;
    const [workload] = resources.filter(({ urn }) => urn.includes("v1:StatefulSet::server-"));
    for (const kind of ["Namespace", "ServiceAccount", "ConfigMap", "Secret"]) {
      const isFirst = workload?.dependencies?.some((urn) => urn.includes(`v1:${kind}::`));
      assert.ok(isFirst, kind);
    }
  });

  it("starts a pod with a volume of its own, with what the controller makes of it", async () => {
    const pod = await eventually("the pod", async () => {
      const { code, output } = await stack.api.try([
        "get",
        "pod",
        "moorage-0",
        "--namespace",
        "moorage",
        "-o",
        "json",
      ]);
      return code === 0 ? JSON.parse(output) : undefined;
    });
    const claim = await get("persistentvolumeclaim", "data-moorage-0");
    const volume = pod.spec.volumes.find(({ name }: { name: string }) => name === "data");
    assert.equal(volume.persistentVolumeClaim.claimName, claim.metadata.name);
  });

  it("gives the server settings and keys that it starts with, and that its owner signs in by", async () => {
    const { data } = await get("configmap", "moorage");
    const outputs = await stack.cli.outputs();
    // What the image has of its own, and what only a pod has: its addresses, its volume, its files.
    const { MOORAGE_DATA_DIR: _, MOORAGE_LISTEN: __, ...settings } = data;
    const { data: kept } = await get("secret", "moorage-keys");
    const text = (key: string) => Buffer.from(kept[key], "base64").toString();
    assert.deepEqual(
      [text("master-key"), text("owner-password")],
      [outputs["masterKey"], outputs["ownerPassword"]],
    );
    const environment: Record<string, string> = {
      ...settings,
      MOORAGE_MASTER_KEY: text("master-key"),
      MOORAGE_ADMIN_PASSWORD: text("owner-password"),
    };
    delete environment["MOORAGE_MASTER_KEY_FILE"];
    delete environment["MOORAGE_ADMIN_PASSWORD_FILE"];
    const server = await RunningServer.start(environment);
    try {
      const login = `${outputs["ownerEmail"]}:${outputs["ownerPassword"]}`;
      const answer = await fetch(`${server.url}/containerregistries/registries`, {
        headers: { authorization: `Basic ${Buffer.from(login).toString("base64")}` },
      });
      await answer.arrayBuffer();
      assert.equal(answer.status, 200);
      const [container] = (await get("statefulset", "moorage")).spec.template.spec.containers;
      for (const name of ["startupProbe", "livenessProbe", "readinessProbe"]) {
        const probe = await fetch(`${server.url}${container[name].httpGet.path}`);
        assert.equal(probe.status, 200, name);
        await probe.arrayBuffer();
      }
    } finally {
      await server.stop();
    }
    assert.equal(outputs["endpoint"], "https://registry.example.com");
    assert.notEqual(outputs["ownerPassword"], OWNER.password);
  });

  it("brings changed settings to new pods, and keeps keys, volume and Service", async () => {
    const before = await stack.cli.outputs();
    const uidOf = async (kind: string, name: string) => (await get(kind, name)).metadata.uid;
    const uids = () =>
      Promise.all([
        uidOf("secret", "moorage-keys"),
        uidOf("statefulset", "moorage"),
        uidOf("service", "moorage"),
      ]);
    const kept = await uids();
    const { template } = (await get("statefulset", "moorage")).spec;
    const changed = { ...EMBEDDED, settings: { MOORAGE_LOG_LEVEL: "debug" } };
    await stack.write(program(changed));
    await stack.cli.up();
    assert.equal((await get("configmap", "moorage")).data.MOORAGE_LOG_LEVEL, "debug");
    const { spec } = await get("statefulset", "moorage");
    assert.notDeepEqual(spec.template.metadata.annotations, template.metadata.annotations);
    assert.deepEqual(await uids(), kept);
    assert.deepEqual(await stack.cli.outputs(), before);
  });

  it("leaves nothing of the namespaces that it made, and of others the volume alone", async () => {
    await stack.cli.must(["destroy", "--yes", "--skip-preview"]);
    const left = async (kind: string, ...place: readonly string[]): Promise<string[]> => {
      const { items } = JSON.parse(await stack.api.kubectl(["get", kind, ...place, "-o", "json"]));
      return items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
    };
    const namespaces = await left("namespace");
    assert.deepEqual(
      namespaces.filter((name) => !/^(?:default|kube-.*)$/.test(name)),
      ["shared"],
    );
    for (const kind of ["statefulset", "service", "secret", "networkpolicy", "pod"]) {
      assert.deepEqual(await left(kind, "--namespace", "shared"), [], kind);
    }
    assert.deepEqual(await left("persistentvolumeclaim", "-A"), ["data-guest-0"]);
  });
});
