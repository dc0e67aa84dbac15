import type { RegistryServerOptions } from "@moorage/core/deployment/server-options";

/** 32 bytes that no server uses. */
export const MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
export const KEYS = { masterKey: MASTER_KEY, ownerPassword: "a password for tests only" };

/** The least that a registry server needs. */
export const SMALL: RegistryServerOptions = {
  image: "registry.example.com/moorage/server:1",
  host: "registry.example.com",
};

/** Embedded storage and everything that can be had beside it. */
export const EMBEDDED: RegistryServerOptions = {
  ...SMALL,
  name: "shop",
  namespace: "shop-registry",
  addressing: "host",
  locations: ["de/fra", "es/vit"],
  ownerEmail: "owner@example.com",
  imagePullSecrets: ["bootstrap"],
  trustedProxies: ["10.0.0.0/8"],
  settings: { MOORAGE_LOG_LEVEL: "warn" },
  storage: { type: "embedded", size: "20Gi", storageClassName: "fast" },
  gateway: { className: "public", clusterIssuer: "letsencrypt", registryHosts: "*" },
  network: {
    from: [{ namespaceLabels: { "kubernetes.io/metadata.name": "gateway" } }],
    to: [{ peer: { cidr: "203.0.113.0/24" }, ports: [443] }],
  },
  serviceMonitor: {
    labels: { release: "prometheus" },
    from: [
      {
        namespaceLabels: { "kubernetes.io/metadata.name": "monitoring" },
        podLabels: { app: "prometheus" },
      },
    ],
  },
  labels: { team: "platform" },
};

/** External storage, replicas, and a gateway that is there already. */
export const EXTERNAL: RegistryServerOptions = {
  ...SMALL,
  name: "replicated",
  storage: {
    type: "external",
    replicas: 3,
    settings: { MOORAGE_BLOBS: "s3://moorage/blobs" },
    settingsSecretName: "storage",
  },
  gateway: {
    parent: { name: "public", namespace: "gateway" },
    registryHosts: ["shop.cr.de-fra.registry.example.com"],
  },
  network: { from: [], to: [{ peer: { podLabels: { app: "postgres" } }, ports: [5432] }] },
  service: { type: "NodePort", nodePort: 30500 },
};
