// The one file that knows cdktf and its Kubernetes provider: whoever takes cdktn, its living fork, changes the imports here.

import { DefaultServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/default-service-account-v1/index.js";
import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest/index.js";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1/index.js";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1/index.js";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1/index.js";
import type { KubernetesObject } from "@moorage/core/deployment/kubernetes-object";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** What our constructs extend. */
export { Construct };

/**
 * Adds objects to a construct, in their order; those of a namespace that is made here wait for it. Most are `kubernetes_manifest`. Secrets
 * are not, since a manifest's `stringData` never agrees with what the cluster says; nor are namespaces and service accounts, which
 * have resources that adopt or make what may be there.
 */
export function addObjects(scope: Construct, objects: readonly KubernetesObject[]): void {
  const namespaces = new Map<string, ITerraformDependable>();
  for (const object of objects) {
    const { kind, metadata } = object;
    const namespace = namespaces.get(metadata.namespace ?? "");
    const dependsOn = namespace === undefined ? [] : [namespace];
    const id = [kind, metadata.namespace, metadata.name].filter(Boolean).join("-").toLowerCase();
    const added = addObject(scope, id, object, dependsOn);
    if (kind === "Namespace") namespaces.set(metadata.name, added);
  }
}

function addObject(
  scope: Construct,
  id: string,
  object: KubernetesObject,
  dependsOn: ITerraformDependable[],
): ITerraformDependable {
  const { apiVersion: _, kind, metadata, ...rest } = object;
  switch (kind) {
    case "Namespace":
      return new NamespaceV1(scope, id, { metadata, dependsOn });
    case "Secret":
      return new SecretV1(scope, id, {
        metadata,
        dependsOn,
        type: String(rest["type"]),
        data: textsOf(rest["stringData"]),
      });
    case "ServiceAccount": {
      const Class = metadata.name === "default" ? DefaultServiceAccountV1 : ServiceAccountV1;
      const secrets = rest["imagePullSecrets"];
      return new Class(scope, id, {
        metadata,
        dependsOn,
        ...(Array.isArray(secrets) ? { imagePullSecret: secrets } : {}),
        ...(rest["automountServiceAccountToken"] === false
          ? { automountServiceAccountToken: false }
          : {}),
      });
    }
    default:
      return new Manifest(scope, id, { manifest: { ...object }, dependsOn });
  }
}

function textsOf(stringData: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Object(stringData)).map(([key, text]) => [key, String(text)]),
  );
}
