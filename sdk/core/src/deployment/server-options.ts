import { z } from "zod";
import { locationId } from "../contract/location.ts";
import { requestObject } from "../contract/request-object.ts";
import { cidr, hostName, objectName, port, quantity, texts } from "./option-types.ts";

/** Settings that follow from other options, which are where to change them. */
const DECIDED_ELSEWHERE: Readonly<Record<string, string>> = {
  MOORAGE_LISTEN: "it is fixed: the Service leads to it",
  MOORAGE_DATA_DIR: "it is fixed: the volume is mounted there",
  MOORAGE_ALLOW_HTTP: "it is fixed: TLS ends at the gateway",
  MOORAGE_MASTER_KEY: "put it into the Secret that keysSecretName names",
  MOORAGE_MASTER_KEY_FILE: "put the key into the Secret that keysSecretName names",
  MOORAGE_ADMIN_PASSWORD: "put it into the Secret that keysSecretName names",
  MOORAGE_ADMIN_PASSWORD_FILE: "put the password into the Secret that keysSecretName names",
  MOORAGE_ADMIN_EMAIL: "use ownerEmail",
  MOORAGE_PUBLIC_URL: "use publicUrl",
  MOORAGE_DOMAIN: "use domain",
  MOORAGE_ADDRESSING: "use addressing",
  MOORAGE_LOCATIONS: "use locations",
  MOORAGE_TRUSTED_PROXIES: "use trustedProxies",
  MOORAGE_METRICS_LISTEN: "use serviceMonitor",
};

const settings = z
  .record(
    z.string(),
    z.string("must be text; quote numbers and booleans"),
    "must be names with texts",
  )
  .superRefine((given, context) => {
    for (const name of Object.keys(given)) {
      const better = DECIDED_ELSEWHERE[name];
      const message = /^MOORAGE_[A-Z_]+$/.test(name)
        ? better
        : "must be a setting of the server, MOORAGE_…";
      if (message !== undefined) context.addIssue({ code: "custom", path: [name], message });
    }
  });

/** Who a connection comes from or goes to. */
const peer = requestObject("a peer", {
  /** Pods of namespaces with these labels; alone or with `podLabels`. */
  namespaceLabels: texts.optional(),
  /** Pods with these labels: of the server's own namespace, if `namespaceLabels` is left out. */
  podLabels: texts.optional(),
  /** Addresses instead of pods. */
  cidr: cidr.optional(),
}).refine(
  ({ namespaceLabels, podLabels, cidr: range }) =>
    (range === undefined) !== (namespaceLabels === undefined && podLabels === undefined),
  "must have either cidr or namespaceLabels and podLabels",
);
export type Peer = z.output<typeof peer>;

const embedded = requestObject("embedded storage", {
  type: z.literal("embedded"),
  size: quantity.default("10Gi"),
  /** The cluster's default, if left out. */
  storageClassName: objectName.optional(),
});

const external = requestObject("external storage", {
  type: z.literal("external"),
  replicas: z.int("must be a whole number").min(1, "must be at least 1").default(2),
  /** Where the storage is, as far as that is no secret. */
  settings,
  /** A Secret whose keys are the settings that are secret. */
  settingsSecretName: objectName.optional(),
});

const gateway = requestObject("a gateway", {
  /** Makes a Gateway of this class. */
  className: objectName.optional(),
  /** Uses a Gateway that is there already. */
  parent: requestObject("a parent", {
    name: objectName,
    namespace: objectName.optional(),
  }).optional(),
  /** A Secret with the certificate, for all of the Gateway's hosts. */
  tlsSecretName: objectName.optional(),
  /** Lets cert-manager make certificates. */
  issuer: objectName.optional(),
  clusterIssuer: objectName.optional(),
  /** Hosts of registries, a route each; or `*` for all there may ever be. */
  registryHosts: z
    .union([z.literal("*"), z.array(hostName)], 'must be "*" or a list of host names of registries')
    .default([]),
  annotations: texts.default({}),
})
  .refine(
    ({ className, parent }) => (className === undefined) !== (parent === undefined),
    "must have either className, for a new Gateway, or parent",
  )
  .refine(
    (given) => given.parent !== undefined || certificateSources(given) === 1,
    "must have one of tlsSecretName, issuer and clusterIssuer",
  )
  .refine(
    (given) => given.parent === undefined || certificateSources(given) === 0,
    "must not have tlsSecretName, issuer or clusterIssuer beside parent, which has its certificates",
  );
export type GatewayOptions = z.output<typeof gateway>;

const fields = {
  name: objectName.max(40, "must have at most 40 characters").default("moorage"),
  /** The name, if left out. */
  namespace: objectName.optional(),
  createNamespace: z.boolean("must be true or false").default(true),
  image: z
    .string("must be the reference of the server's image")
    .regex(/^\S+$/, "must be the reference of the server's image"),
  imagePullSecrets: z.array(objectName, "must be a list of Secrets").default([]),
  /** The host name of both APIs. */
  host: hostName,
  /** What clients are told to use; `https://` and the host, if left out. */
  publicUrl: z
    .string("must be http(s)://host[:port]")
    .regex(/^https?:\/\/[^/\s]+$/, "must be http(s)://host[:port], without a path")
    .optional(),
  addressing: z.enum(["path", "host"], "must be path or host").default("path"),
  /** The suffix of registries' hosts; the host, if left out. */
  domain: hostName.optional(),
  locations: z.array(locationId).min(1, "must name at least one location").default(["de/fra"]),
  ownerEmail: z.email("must be an e-mail address").optional(),
  /** The Secret with `master-key` and `owner-password`. The name with `-keys`, if left out. */
  keysSecretName: objectName.optional(),
  trustedProxies: z.array(cidr, "must be a list of address ranges").default([]),
  /** Further settings of the server, by their names. */
  settings: settings.default({}),
  storage: z
    .discriminatedUnion("type", [embedded, external], "must have the type embedded or external")
    .default({ type: "embedded", size: "10Gi" }),
  resources: requestObject("resources", {
    cpu: quantity.default("250m"),
    memory: quantity.default("512Mi"),
    memoryMax: quantity.default("1Gi"),
  }).default({ cpu: "250m", memory: "512Mi", memoryMax: "1Gi" }),
  service: requestObject("a service", {
    type: z.enum(["ClusterIP", "NodePort", "LoadBalancer"]).default("ClusterIP"),
    nodePort: port.optional(),
    annotations: texts.default({}),
  }).default({ type: "ClusterIP", annotations: {} }),
  gateway: gateway.optional(),
  network: requestObject("a network", {
    /** Who may reach the registry; everyone, if left out. */
    from: z.array(peer, "must be a list of peers").optional(),
    /** What the server must reach besides the cluster's DNS: storage, identity providers. */
    to: z
      .array(requestObject("a destination", { peer, ports: z.array(port).min(1).default([443]) }))
      .default([]),
  }).default({ to: [] }),
  serviceMonitor: requestObject("a service monitor", {
    interval: z
      .string()
      .regex(/^\d+[smh]$/, "must be a time, such as 30s")
      .default("30s"),
    labels: texts.default({}),
    /** Who scrapes: nobody else reaches the metrics. */
    from: z.array(peer, "must be a list of peers").default([]),
  }).optional(),
  labels: texts.default({}),
};

/** A registry server on Kubernetes. */
export const registryServerOptions = requestObject("a registry server", fields)
  .refine(({ addressing, gateway: given }) => addressing === "path" || given !== undefined, {
    error: "needs a gateway: registries' hosts must lead to the server",
    path: ["addressing"],
  })
  .transform((given) => ({
    ...given,
    namespace: given.namespace ?? given.name,
    domain: given.domain ?? given.host,
    publicUrl: given.publicUrl ?? `https://${given.host}`,
    ownerEmail: given.ownerEmail ?? `admin@${given.host}`,
    keysSecretName: given.keysSecretName ?? `${given.name}-keys`,
  }));
/** What a registry server is made from. */
export type RegistryServerOptions = z.input<typeof registryServerOptions>;
/** The same with all defaults filled in. */
export type ServerPlan = z.output<typeof registryServerOptions>;

function certificateSources(given: {
  readonly tlsSecretName?: string | undefined;
  readonly issuer?: string | undefined;
  readonly clusterIssuer?: string | undefined;
}): number {
  const sources = [given.tlsSecretName, given.issuer, given.clusterIssuer];
  return sources.filter((source) => source !== undefined).length;
}
