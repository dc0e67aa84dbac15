import { createHash } from "node:crypto";
import { field, type KubernetesObject, type ObjectMetadata } from "./kubernetes-object.ts";
import type { ServerPlan } from "./server-options.ts";
import {
  DATA_VOLUME_PATH,
  KEYS_PATH,
  METRICS_PORT,
  SERVER_PORT,
  serverSettings,
} from "./server-settings.ts";

/** Nobody in particular; what images without a user database use. */
const USER = 65_532;
/** Longer than the server gives running requests when it is told to stop. */
const STOP_SECONDS_MAX = 30;

/** The server's pods: one with a volume for embedded storage, or several that share nothing for external storage. */
export function workload(
  plan: ServerPlan,
  metadata: ObjectMetadata,
  selector: Readonly<Record<string, string>>,
): KubernetesObject {
  const { name, storage } = plan;
  const spec = { selector: { matchLabels: selector }, template: podTemplate(plan, metadata) };
  if (storage.type === "external") {
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: { replicas: storage.replicas, ...spec },
    };
  }
  // One server at a time may have the data directory; of a StatefulSet's pod, a second one never runs beside the first.
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata,
    spec: {
      replicas: 1,
      serviceName: name,
      ...spec,
      volumeClaimTemplates: [
        {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { name: "data", labels: selector },
          spec: {
            accessModes: ["ReadWriteOnce"],
            ...field("storageClassName", storage.storageClassName),
            resources: { requests: { storage: storage.size } },
          },
        },
      ],
    },
  };
}

function podTemplate(plan: ServerPlan, { labels }: ObjectMetadata): Record<string, unknown> {
  const { imagePullSecrets, keysSecretName, name, storage } = plan;
  return {
    metadata: {
      labels,
      // Settings are read at the start: other settings are other pods.
      annotations: { "moorage/settings": fingerprint(serverSettings(plan)) },
    },
    spec: {
      serviceAccountName: name,
      automountServiceAccountToken: false,
      // Variables of Services are named after them: those of one called moorage would stand among the settings.
      enableServiceLinks: false,
      terminationGracePeriodSeconds: STOP_SECONDS_MAX,
      ...(imagePullSecrets.length === 0
        ? {}
        : { imagePullSecrets: imagePullSecrets.map((secret) => ({ name: secret })) }),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: USER,
        runAsGroup: USER,
        fsGroup: USER,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [container(plan)],
      volumes: [
        { name: "keys", secret: { secretName: keysSecretName, defaultMode: 0o440 } },
        { name: "temporary", emptyDir: {} },
        ...(storage.type === "external" ? [{ name: "data", emptyDir: {} }] : []),
      ],
    },
  };
}

function container(plan: ServerPlan): Record<string, unknown> {
  const { image, name, resources, serviceMonitor, storage } = plan;
  const secretSettings = storage.type === "external" ? storage.settingsSecretName : undefined;
  return {
    name: "server",
    image,
    ports: [
      { name: "http", containerPort: SERVER_PORT, protocol: "TCP" },
      ...(serviceMonitor === undefined
        ? []
        : [{ name: "metrics", containerPort: METRICS_PORT, protocol: "TCP" }]),
    ],
    envFrom: [
      { configMapRef: { name } },
      ...(secretSettings === undefined ? [] : [{ secretRef: { name: secretSettings } }]),
    ],
    // A first start on a large database may have migrations to do.
    startupProbe: {
      httpGet: { path: "/healthz", port: "http" },
      periodSeconds: 2,
      failureThreshold: 150,
    },
    livenessProbe: {
      httpGet: { path: "/healthz", port: "http" },
      periodSeconds: 10,
      timeoutSeconds: 5,
    },
    readinessProbe: {
      httpGet: { path: "/readyz", port: "http" },
      periodSeconds: 5,
      timeoutSeconds: 5,
    },
    resources: {
      requests: { cpu: resources.cpu, memory: resources.memory },
      limits: { memory: resources.memoryMax },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "data", mountPath: DATA_VOLUME_PATH },
      { name: "keys", mountPath: KEYS_PATH, readOnly: true },
      { name: "temporary", mountPath: "/tmp" },
    ],
  };
}

function fingerprint(settings: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(settings)).digest("hex").slice(0, 16);
}
