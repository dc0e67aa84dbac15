import assert from "node:assert/strict";
import type { KubernetesObject } from "@moorage/core/deployment/kubernetes-object";
import { registryServerObjects } from "@moorage/core/deployment/registry-server";
import { EMBEDDED, EXTERNAL, KEYS, SMALL } from "../support/deployed-options.ts";
import { assertKept } from "../support/kept-object.ts";
import { type KeptObject, KubernetesApi } from "../support/kubernetes-api.ts";
import { gatewayDefinitions, monitoringDefinition } from "../support/kubernetes-definitions.ts";

describe("a registry server's objects, on a real Kubernetes API server,", function () {
  this.timeout(240_000);
  let api: KubernetesApi;

  before(async () => {
    api = await KubernetesApi.start();
    const gateway = await gatewayDefinitions();
    const monitoring = await monitoringDefinition();
    await api.kubectl(["apply", "--server-side", "-f", gateway, "-f", monitoring]);
    await api.kubectl(["wait", "crd", "--all", "--for=condition=Established"]);
  });
  after(() => api?.[Symbol.asyncDispose]());

  for (const [name, options] of Object.entries({ SMALL, EMBEDDED, EXTERNAL })) {
    it(`are taken, kept as they are, and not changed by a second time: ${name}`, async () => {
      const objects = registryServerObjects(options, KEYS);
      await api.apply(objects);
      const kept = await Promise.all(objects.map((object) => api.read(object)));
      for (const [index, object] of objects.entries()) assertKept(kept[index], object);
      await api.apply(objects);
      const again = await Promise.all(objects.map((object) => api.read(object)));
      assert.deepEqual(again.map(withoutVersion), kept.map(withoutVersion));
    });

    it(`have pods that a namespace of the restricted Pod Security Standard admits: ${name}`, async () => {
      const objects = registryServerObjects(options, KEYS);
      await api.apply(objects);
      const pod = podOf(objects);
      const dryRun = ["create", "--dry-run=server", "-f", "-"];
      assert.equal((await api.try(dryRun, [pod])).errors, "", "nor does it warn");
      const { securityContext: _, ...spec } = pod.spec;
      const refused = await api.try(dryRun, [{ ...pod, spec }]);
      assert.match(refused.errors, /violates PodSecurity "restricted/);
    });
  }
});

/** The version moves once without a change: a Gateway is kept anew with the status that its definition begins with. */
function withoutVersion({ metadata: { resourceVersion: _, ...metadata }, ...object }: KeptObject) {
  return { ...object, metadata };
}

/** A pod as the workload's controller would make it. */
function podOf(objects: readonly KubernetesObject[]) {
  const workload = objects.find(({ kind }) => kind === "StatefulSet" || kind === "Deployment");
  assert.ok(workload);
  const { template, volumeClaimTemplates } = workload["spec"] as {
    template: { metadata: object; spec: { volumes: object[]; securityContext: object } };
    volumeClaimTemplates?: unknown[];
  };
  const claim = { name: "data", persistentVolumeClaim: { claimName: "data" } };
  const volumes = [...template.spec.volumes, ...(volumeClaimTemplates ? [claim] : [])];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...template.metadata, name: "pod", namespace: workload.metadata.namespace },
    spec: { ...template.spec, volumes },
  };
}
