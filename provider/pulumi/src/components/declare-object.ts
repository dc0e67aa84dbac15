import type { KubernetesObject } from "@moorage/core/deployment/kubernetes-object";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { ServiceAccountPatch } from "@pulumi/kubernetes/core/v1/serviceAccountPatch.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type * as pulumi from "@pulumi/pulumi";

type ResourceClass = new (
  name: string,
  args: never,
  opts?: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

const CLASSES: Readonly<Record<string, ResourceClass>> = {
  ConfigMap,
  Deployment,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  Secret,
  Service,
  ServiceAccount,
  StatefulSet,
};

/** Declares one object with Pulumi; of a kind that Kubernetes itself does not have, as a custom resource. */
export function declareObject(
  name: string,
  object: KubernetesObject,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  return declare(CLASSES[object.kind] ?? CustomResource, name, object, opts);
}

/** Declares some fields of a service account that is somebody else's: only they are ours, and go with us. */
export function declareAccountPatch(
  name: string,
  object: KubernetesObject,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  return declare(ServiceAccountPatch, name, object, opts);
}

function declare(
  Class: ResourceClass,
  name: string,
  object: KubernetesObject,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  // What the classes' types of arguments ask for, the API server asks for, too, and tests hold the objects to that.
  return new Class(name, object as never, opts);
}

/** Distinct within the component that is called `name`. */
export function resourceNameOf(name: string, { kind, metadata }: KubernetesObject): string {
  return [name, kind, metadata.namespace, metadata.name].filter(Boolean).join("-").toLowerCase();
}
