import type { KubernetesObject } from "@moorage/core/deployment/kubernetes-object";

type Resources = Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;

/** The Kubernetes objects that a synthesised stack stands for. */
export function objectsOfTerraform(synthesised: string): KubernetesObject[] {
  const { resource } = JSON.parse(synthesised) as { resource: Resources };
  return Object.entries(resource).flatMap(([type, resources]) =>
    Object.values(resources).map((each) => objectOf(type, each)),
  );
}

function objectOf(type: string, resource: Record<string, unknown>): KubernetesObject {
  const { metadata, ...rest } = resource as { metadata: KubernetesObject["metadata"] };
  const fields: Record<string, unknown> = rest;
  switch (type) {
    case "kubernetes_manifest":
      return fields["manifest"] as KubernetesObject;
    case "kubernetes_namespace_v1":
      return { apiVersion: "v1", kind: "Namespace", metadata };
    case "kubernetes_secret_v1":
      return {
        ...{ apiVersion: "v1", kind: "Secret", metadata },
        type: fields["type"],
        stringData: fields["data"],
      };
    case "kubernetes_service_account_v1":
    case "kubernetes_default_service_account_v1":
      return {
        ...{ apiVersion: "v1", kind: "ServiceAccount", metadata },
        ...renamed(fields, "image_pull_secret", "imagePullSecrets"),
        ...renamed(fields, "automount_service_account_token", "automountServiceAccountToken"),
      };
    default:
      throw new Error(`no object is known for ${type}`);
  }
}

function renamed(fields: Record<string, unknown>, from: string, to: string) {
  return fields[from] === undefined ? {} : { [to]: fields[from] };
}
