import assert from "node:assert/strict";
import type { KubernetesObject } from "@moorage/core/deployment/kubernetes-object";
import { registryServerObjects } from "@moorage/core/deployment/registry-server";
import * as pulumi from "@pulumi/pulumi";
import { EMBEDDED, EXTERNAL, KEYS, SMALL } from "../../../support/deployed-options.ts";
import { type Declared, type Faces, runMocked, settled } from "../../../support/pulumi-mocks.ts";

const GENERATED = { "pulumi-nodejs:dynamic/moorage:GeneratedKeys": () => KEYS };

describe("the component RegistryServer", () => {
  for (const [name, options] of Object.entries({ SMALL, EMBEDDED, EXTERNAL })) {
    it(`declares the objects that the options stand for, and no others: ${name}`, async () => {
      const { resources } = await runMocked(
        ({ RegistryServer }: Faces) => new RegistryServer("registry", { ...options, ...KEYS }),
      );
      assert.deepEqual(
        sorted(kubernetesObjects(resources)),
        sorted(registryServerObjects(options, KEYS)),
      );
    });
  }

  it("gives each object a type that the Kubernetes provider knows", async () => {
    const { resources } = await runMocked(
      ({ RegistryServer }: Faces) => new RegistryServer("registry", { ...EMBEDDED, ...KEYS }),
    );
    assert.deepEqual(
      [...new Set(resources.map(({ type }) => type))]
        .filter((type) => type.startsWith("kubernetes:"))
        .sort(),
      [
        "kubernetes:apps/v1:StatefulSet",
        "kubernetes:core/v1:ConfigMap",
        "kubernetes:core/v1:Namespace",
        "kubernetes:core/v1:Secret",
        "kubernetes:core/v1:Service",
        "kubernetes:core/v1:ServiceAccount",
        "kubernetes:gateway.networking.k8s.io/v1:Gateway",
        "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
        "kubernetes:monitoring.coreos.com/v1:ServiceMonitor",
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        "kubernetes:policy/v1:PodDisruptionBudget",
      ],
    );
  });

  it("generates the keys that are not given, and keeps them secret", async () => {
    const program = ({ RegistryServer }: Faces) =>
      new RegistryServer("registry", {
        ...SMALL,
        ownerPassword: pulumi.output("given by somebody"),
      });
    const { resources, result } = await runMocked(program, GENERATED);
    const secret = resources.find(({ type }) => type === "kubernetes:core/v1:Secret");
    assert.deepEqual(secret?.inputs["stringData"], {
      "master-key": KEYS.masterKey,
      "owner-password": "given by somebody",
    });
    assert.deepEqual(secret?.secrets, ["stringData"]);
    assert.equal(await settled(result.ownerPassword), "given by somebody");
    for (const output of [result.ownerPassword, result.masterKey]) {
      assert.equal(await pulumi.isSecret(output), true);
    }
  });

  it("makes no keys where a Secret is named that is there", async () => {
    const { resources } = await runMocked(
      ({ RegistryServer }: Faces) =>
        new RegistryServer("registry", { ...SMALL, keysSecretName: "keys" }),
    );
    const made = resources.filter(({ type }) => /Secret|GeneratedKeys/.test(type));
    assert.deepEqual(made, []);
  });

  it("says what a stack needs to use the server", async () => {
    const { result } = await runMocked(
      ({ RegistryServer }: Faces) => new RegistryServer("registry", { ...SMALL, ...KEYS }),
    );
    assert.equal(await settled(result.endpoint), "https://registry.example.com");
    assert.equal(await settled(result.ownerEmail), "admin@registry.example.com");
    assert.equal(await settled(result.namespace), "moorage");
  });

  it("refuses wrong options before anything is declared", async () => {
    await assert.rejects(
      runMocked(
        ({ RegistryServer }: Faces) =>
          new RegistryServer("registry", { ...SMALL, host: "https://a" }),
      ),
      /registry\.host: must be a host name/,
    );
  });
});

function kubernetesObjects(resources: readonly Declared[]): KubernetesObject[] {
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => inputs as unknown as KubernetesObject);
}

function sorted(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const key = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.name}`;
  return objects.toSorted((one, other) => key(one).localeCompare(key(other)));
}
