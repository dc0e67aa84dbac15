import { z } from "zod";
import { requestObject } from "../contract/request-object.ts";
import { parseOptions } from "./deployment-error.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { monitoring, networkPolicy, service } from "./server-network.ts";
import {
  type RegistryServerOptions,
  registryServerOptions,
  type ServerPlan,
} from "./server-options.ts";
import { routes } from "./server-routes.ts";
import { MASTER_KEY, OWNER_PASSWORD, serverSettings } from "./server-settings.ts";
import { workload } from "./server-workload.ts";

/** What the server must keep secret. The values may be whatever stands for a text that is not known yet. */
export interface ServerKeys {
  /** 32 random bytes in base64: opens everything that is stored. */
  readonly masterKey: unknown;
  /** The first owner's password. */
  readonly ownerPassword: unknown;
}

/** Keys that are known: the server would refuse to start with others. */
export const serverKeys = requestObject("keys", {
  masterKey: z
    .string("must be text")
    .regex(
      /^[A-Za-z0-9+/]{43}=$/,
      "must be 32 bytes in base64, as openssl rand -base64 32 prints them",
    ),
  ownerPassword: z
    .string("must be text")
    .min(12, "must have at least 12 characters")
    .max(256, "must have at most 256 characters"),
});

/**
 * Everything that a registry server on Kubernetes consists of, in an order that they can be applied in.
 * @param keys makes the Secret of the keys; without it, the Secret is expected to be there
 * @throws DeploymentError
 */
export function registryServerObjects(
  options: RegistryServerOptions,
  keys?: ServerKeys,
): KubernetesObject[] {
  const plan = parseOptions("registryServer", registryServerOptions, options);
  const { gateway, name, namespace, serviceMonitor: monitor } = plan;
  const selector = { "app.kubernetes.io/name": "moorage", "app.kubernetes.io/instance": name };
  const labels = { ...plan.labels, ...selector, "app.kubernetes.io/managed-by": "moorage" };
  const metadata = { name, namespace, labels };
  return [
    ...(plan.createNamespace ? [namespaceObject(plan)] : []),
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: serverSettings(plan) },
    ...(keys === undefined ? [] : [keysSecret(plan, keys, labels)]),
    networkPolicy(plan, metadata, selector),
    service(plan, metadata, selector),
    workload(plan, metadata, selector),
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      // Also for a single pod: a budget that never lets it go would block the upgrade of its node.
      spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
    },
    ...(gateway === undefined ? [] : routes(plan, gateway, metadata)),
    ...(monitor === undefined ? [] : monitoring(monitor, metadata, selector)),
  ];
}

function namespaceObject({ namespace }: ServerPlan): KubernetesObject {
  const level = "restricted";
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: namespace,
      labels: {
        "app.kubernetes.io/managed-by": "moorage",
        "pod-security.kubernetes.io/enforce": level,
        "pod-security.kubernetes.io/audit": level,
        "pod-security.kubernetes.io/warn": level,
      },
    },
  };
}

function keysSecret(
  { keysSecretName, namespace }: ServerPlan,
  { masterKey, ownerPassword }: ServerKeys,
  labels: Readonly<Record<string, string>>,
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: keysSecretName, namespace, labels },
    type: "Opaque",
    stringData: { [MASTER_KEY]: masterKey, [OWNER_PASSWORD]: ownerPassword },
  };
}
