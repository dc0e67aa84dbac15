import assert from "node:assert/strict";
import type { KubernetesObject } from "@moorage/core/deployment/kubernetes-object";
import { registryServerObjects } from "@moorage/core/deployment/registry-server";
import type { RegistryServerOptions } from "@moorage/core/deployment/server-options";
import { EMBEDDED, EXTERNAL, SMALL } from "../../../support/deployed-options.ts";

interface PodSpec {
  readonly containers: readonly [Container];
  readonly volumes: readonly { name: string; emptyDir?: object }[];
  readonly securityContext: object;
  readonly automountServiceAccountToken: boolean;
  readonly imagePullSecrets?: readonly object[];
}

interface Container {
  readonly envFrom: readonly object[];
  readonly securityContext: object;
  readonly volumeMounts: readonly { name: string; mountPath: string; readOnly?: boolean }[];
  readonly resources: object;
}

function podOf(objects: readonly KubernetesObject[]): PodSpec {
  const workload = objects.find(({ kind }) => kind === "StatefulSet" || kind === "Deployment");
  assert.ok(workload);
  const { template } = workload["spec"] as { template: { spec: PodSpec } };
  return template.spec;
}

function settingsOf(objects: readonly KubernetesObject[]): Record<string, string> {
  return objects.find(({ kind }) => kind === "ConfigMap")?.["data"] as Record<string, string>;
}

describe("the pods of a registry server", () => {
  it("are told where external storage is, what is secret of it by a Secret", () => {
    const objects = registryServerObjects(EXTERNAL);
    assert.equal(settingsOf(objects)["MOORAGE_BLOBS"], "s3://moorage/blobs");
    const [container] = podOf(objects).containers;
    assert.deepEqual(container.envFrom, [
      { configMapRef: { name: "replicated" } },
      { secretRef: { name: "storage" } },
    ]);
    assert.deepEqual(podOf(objects).volumes.at(-1), { name: "data", emptyDir: {} });
  });

  it("are given the settings that somebody wants besides, traces included", () => {
    const settings = {
      MOORAGE_RATE_LIMIT: "1000/10m",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.monitoring:4318",
    };
    const given = settingsOf(registryServerObjects({ ...SMALL, settings }));
    for (const [name, value] of Object.entries(settings)) assert.equal(given[name], value);
  });

  for (const [name, options] of Object.entries({ SMALL, EMBEDDED, EXTERNAL })) {
    it(`write to their volume and to /tmp alone, as nobody in particular: ${name}`, () => {
      const pod = podOf(registryServerObjects(options));
      const [container] = pod.containers;
      assert.deepEqual(container.securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      const writable = container.volumeMounts.filter(({ readOnly }) => readOnly !== true);
      assert.deepEqual(
        writable.map(({ mountPath }) => mountPath),
        ["/data", "/tmp"],
      );
      assert.equal(pod.automountServiceAccountToken, false);
      assert.ok("runAsNonRoot" in pod.securityContext && pod.securityContext.runAsNonRoot);
    });
  }

  it("ask for what they need of a node, and are limited in memory alone", () => {
    const resources = { cpu: "2", memory: "1Gi", memoryMax: "4Gi" };
    const options: RegistryServerOptions = { ...SMALL, resources };
    const [container] = podOf(registryServerObjects(options)).containers;
    assert.deepEqual(container.resources, {
      requests: { cpu: "2", memory: "1Gi" },
      limits: { memory: "4Gi" },
    });
  });

  it("are pulled by the Secrets that are named", () => {
    const { imagePullSecrets } = podOf(registryServerObjects(EMBEDDED));
    assert.deepEqual(imagePullSecrets, [{ name: "bootstrap" }]);
    assert.equal(podOf(registryServerObjects(SMALL)).imagePullSecrets, undefined);
  });
});
