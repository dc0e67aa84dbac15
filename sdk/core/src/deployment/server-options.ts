import { z } from "zod";
import { locationId } from "../contract/location.ts";
import { requestObject } from "../contract/request-object.ts";
import {
  cidr,
  gatewayParent,
  hostName,
  named,
  objectName,
  port,
  quantity,
  texts,
} from "./option-types.ts";

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
      const message = /^(?:MOORAGE|OTEL)_[A-Z_]+$/.test(name)
        ? better
        : "must be a setting of the server, MOORAGE_… or OTEL_…";
      if (message !== undefined) context.addIssue({ code: "custom", path: [name], message });
    }
  });

/** Who a connection comes from or goes to. */
const peer = requestObject("a peer", {
  namespaceLabels: texts
    .optional()
    .describe("Pods of namespaces with these labels; alone or with `podLabels`."),
  podLabels: texts
    .optional()
    .describe(
      "Pods with these labels: of the server's own namespace, if `namespaceLabels` is left out.",
    ),
  cidr: cidr.optional().describe("Addresses instead of pods, such as `10.0.0.0/8`."),
})
  .refine(
    ({ namespaceLabels, podLabels, cidr: range }) =>
      (range === undefined) !== (namespaceLabels === undefined && podLabels === undefined),
    "must have either cidr or namespaceLabels and podLabels",
  )
  .meta(named("Peer", "Who a connection comes from or goes to."));
export type Peer = z.output<typeof peer>;

const embedded = requestObject("embedded storage", {
  type: z.literal("embedded").describe("`embedded` (a volume) or `external`."),
  size: quantity.default("10Gi").describe("The volume's size; `10Gi` by default. Embedded only."),
  storageClassName: objectName
    .optional()
    .describe("The volume's storage class; the cluster's default, if left out. Embedded only."),
});

const external = requestObject("external storage", {
  type: z.literal("external"),
  replicas: z
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .default(2)
    .describe("How many pods; 2 by default. External only."),
  settings: settings.describe("Where the storage is, as far as that is no secret. External only."),
  settingsSecretName: objectName
    .optional()
    .describe("A Secret whose keys are the settings that are secret. External only."),
});

const gateway = requestObject("a gateway", {
  className: objectName
    .optional()
    .describe(
      "Makes a Gateway of this class, with a listener for each host; needs `tlsSecretName`, `issuer` or `clusterIssuer`.",
    ),
  parent: gatewayParent
    .optional()
    .describe("The Gateway that is there already, instead of a new one."),
  tlsSecretName: objectName
    .optional()
    .describe("A Secret with the certificate, for all of the Gateway's hosts."),
  issuer: objectName
    .optional()
    .describe("The issuer by which cert-manager makes a certificate for each host."),
  clusterIssuer: objectName
    .optional()
    .describe("The cluster issuer by which cert-manager makes a certificate for each host."),
  registryHosts: z
    .union([z.literal("*"), z.array(hostName)], 'must be "*" or a list of host names of registries')
    .default([])
    .describe("Host names of registries, a route each; or `*` for all there may ever be."),
  annotations: texts.default({}).describe("Annotations of the new Gateway."),
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
  )
  .meta(named("Gateway", "How the server's hosts are reached through Gateway API."));
export type GatewayOptions = z.output<typeof gateway>;

const containerResources = requestObject("resources", {
  cpu: quantity.default("250m").describe("Processors that are asked for; `250m` by default."),
  memory: quantity.default("512Mi").describe("Memory that is asked for; `512Mi` by default."),
  memoryMax: quantity.default("1Gi").describe("The limit of memory; `1Gi` by default."),
}).meta(named("ContainerResources", "What the server's pods get of their nodes."));

const service = requestObject("a service", {
  type: z
    .enum(["ClusterIP", "NodePort", "LoadBalancer"])
    .default("ClusterIP")
    .meta(named("ServiceType", "How a Service is reached."))
    .describe("`ClusterIP` (the default), `NodePort` or `LoadBalancer`."),
  nodePort: port.optional().describe("The port of each node, for `NodePort`."),
  annotations: texts.default({}).describe("Annotations of the Service."),
}).meta(named("Service", "The server's address inside the cluster."));

const network = requestObject("a network", {
  from: z
    .array(peer, "must be a list of peers")
    .optional()
    .describe("Who may reach the registry; everyone, if left out."),
  to: z
    .array(
      requestObject("a destination", {
        peer: peer.describe("Whom the server reaches."),
        ports: z
          .array(port)
          .min(1)
          .default([443])
          .describe("The ports that it reaches; 443 by default."),
      }).meta(named("Destination", "What the server must reach.")),
    )
    .default([])
    .describe("What the server must reach besides the cluster's DNS: storage, identity providers."),
}).meta(named("Network", "Who may reach the server, and whom it may reach."));

const serviceMonitor = requestObject("a service monitor", {
  interval: z
    .string()
    .regex(/^\d+[smh]$/, "must be a time, such as 30s")
    .default("30s")
    .describe("How often metrics are read; `30s` by default."),
  labels: texts.default({}).describe("Labels by which the Prometheus operator finds it."),
  from: z
    .array(peer, "must be a list of peers")
    .default([])
    .describe("Who scrapes: nobody else reaches the metrics."),
}).meta(named("ServiceMonitor", "How the Prometheus operator reads the server's metrics."));

/** Every option of a registry server, described. */
export const serverFields = {
  name: objectName
    .max(40, "must have at most 40 characters")
    .default("moorage")
    .describe(
      "The name of nearly all objects, at most 40 characters; `moorage` by default. Not the resource's name.",
    ),
  namespace: objectName.optional().describe("The namespace; the name, if left out."),
  createNamespace: z
    .boolean("must be true or false")
    .default(true)
    .describe(
      "Whether to make the namespace, with the Pod Security Standard `restricted`; true by default.",
    ),
  image: z
    .string("must be the reference of the server's image")
    .regex(/^\S+$/, "must be the reference of the server's image")
    .describe("The server's image."),
  imagePullSecrets: z
    .array(objectName, "must be a list of Secrets")
    .default([])
    .describe("Names of Secrets, to pull that image."),
  host: hostName.describe("The host name of both APIs."),
  publicUrl: z
    .string("must be http(s)://host[:port]")
    .regex(/^https?:\/\/[^/\s]+$/, "must be http(s)://host[:port], without a path")
    .optional()
    .describe("What clients are told to use; `https://` and the host, if left out."),
  addressing: z
    .enum(["path", "host"], "must be path or host")
    .default("path")
    .meta(named("Addressing", "How a request says which registry it is for."))
    .describe("`path` (the default), or `host`: each registry has a host name; needs `gateway`."),
  domain: hostName
    .optional()
    .describe("The suffix of registries' host names; the host, if left out."),
  locations: z
    .array(locationId)
    .min(1, "must name at least one location")
    .default(["de/fra"])
    .describe("The locations that registries can have; `de/fra` by default."),
  ownerEmail: z
    .email("must be an e-mail address")
    .optional()
    .describe("The first owner's address; `admin@` and the host, if left out."),
  keysSecretName: objectName
    .optional()
    .describe(
      "The Secret with `master-key` and `owner-password`; the name with `-keys`, if left out. Named without keys, it is expected to be there.",
    ),
  trustedProxies: z
    .array(cidr, "must be a list of address ranges")
    .default([])
    .describe(
      "Address ranges of the gateway's pods. Without them, the gateway is taken for every client.",
    ),
  settings: settings
    .default({})
    .describe("Further settings of the server, by their names, such as `MOORAGE_RATE_LIMIT`."),
  storage: z
    .discriminatedUnion("type", [embedded, external], "must have the type embedded or external")
    .default({ type: "embedded", size: "10Gi" })
    .meta(named("Storage", "Where the server keeps content."))
    .describe("Where the server keeps content; a volume of `10Gi` by default."),
  resources: containerResources
    .default({ cpu: "250m", memory: "512Mi", memoryMax: "1Gi" })
    .describe("What the server's pods get of their nodes."),
  service: service
    .default({ type: "ClusterIP", annotations: {} })
    .describe("The server's address inside the cluster."),
  gateway: gateway
    .optional()
    .describe("How the server's hosts are reached through Gateway API; not, if left out."),
  network: network
    .default({ to: [] })
    .describe("Who may reach the server, and whom it may reach: everyone in, DNS out by default."),
  serviceMonitor: serviceMonitor
    .optional()
    .describe("How the Prometheus operator reads the server's metrics; not, if left out."),
  labels: texts.default({}).describe("Labels of all objects."),
};

/** A registry server on Kubernetes. */
export const registryServerOptions = requestObject("a registry server", serverFields)
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
