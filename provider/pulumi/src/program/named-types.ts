// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";

/** Who may pull without credentials. */
export type Visibility = "private" | "public";

/** Whether a token is accepted. */
export type TokenStatus = "enabled" | "disabled";

/** How a token is rotated: by another token, or by another secret. */
export type TokenRotation = "replace" | "in-place";

/** What a scope is about. */
export type ScopeType = "repository" | "registry" | "namespace";

/**
 * What a scope permits; `read`, `write` and `admin` are other words for `pull`, `push` and
 * `delete`.
 */
export type ScopeAction = "pull" | "push" | "delete" | "list" | "*" | "read" | "write" | "admin";

/** What a user may do in the organization. */
export type Role = "owner" | "admin" | "developer" | "reader";

/** A day of the week. */
export type Weekday =
  | "Monday"
  | "Tuesday"
  | "Wednesday"
  | "Thursday"
  | "Friday"
  | "Saturday"
  | "Sunday";

/** One line of what a token may do. */
export interface TokenScope {
  /**
   * `repository` (the default: a name or a pattern with `*`), `namespace` (all repositories below
   * it) or `registry` (listing).
   */
  type: pulumi.Input<ScopeType>;
  /** A repository's name or a pattern with `*`, such as `team/*`. */
  name: pulumi.Input<string>;
  /** Any of `pull`, `push`, `delete`, `list` and `*`. Push needs pull. */
  actions: pulumi.Input<pulumi.Input<ScopeAction>[]>;
}

/** One line of what a token may do, as an output. */
export interface TokenScopeOutput {
  /**
   * `repository` (the default: a name or a pattern with `*`), `namespace` (all repositories below
   * it) or `registry` (listing).
   */
  readonly type: ScopeType;
  /** A repository's name or a pattern with `*`, such as `team/*`. */
  readonly name: string;
  /** Any of `pull`, `push`, `delete`, `list` and `*`. Push needs pull. */
  readonly actions: ScopeAction[];
}

/** How a request says which registry it is for. */
export type Addressing = "path" | "host";

/** Where the server keeps content. */
export interface Storage {
  /** `embedded` (a volume) or `external`. */
  type: StorageType;
  /** The volume's size; `10Gi` by default. Embedded only. */
  size?: string | undefined;
  /** The volume's storage class; the cluster's default, if left out. Embedded only. */
  storageClassName?: string | undefined;
  /** How many pods; 2 by default. External only. */
  replicas?: number | undefined;
  /** Where the storage is, as far as that is no secret. External only. */
  settings?: Readonly<Record<string, string>> | undefined;
  /** A Secret whose keys are the settings that are secret. External only. */
  settingsSecretName?: string | undefined;
}

/** Which kind: embedded or external. */
export type StorageType = "embedded" | "external";

/** What the server's pods get of their nodes. */
export interface ContainerResources {
  /** Processors that are asked for; `250m` by default. */
  cpu?: string | undefined;
  /** Memory that is asked for; `512Mi` by default. */
  memory?: string | undefined;
  /** The limit of memory; `1Gi` by default. */
  memoryMax?: string | undefined;
}

/** The server's address inside the cluster. */
export interface Service {
  /** `ClusterIP` (the default), `NodePort` or `LoadBalancer`. */
  type?: ServiceType | undefined;
  /** The port of each node, for `NodePort`. */
  nodePort?: number | undefined;
  /** Annotations of the Service. */
  annotations?: Readonly<Record<string, string>> | undefined;
}

/** How a Service is reached. */
export type ServiceType = "ClusterIP" | "NodePort" | "LoadBalancer";

/** How the server's hosts are reached through Gateway API. */
export interface Gateway {
  /**
   * Makes a Gateway of this class, with a listener for each host; needs `tlsSecretName`, `issuer`
   * or `clusterIssuer`.
   */
  className?: string | undefined;
  /** The Gateway that is there already, instead of a new one. */
  parent?: GatewayParent | undefined;
  /** A Secret with the certificate, for all of the Gateway's hosts. */
  tlsSecretName?: string | undefined;
  /** The issuer by which cert-manager makes a certificate for each host. */
  issuer?: string | undefined;
  /** The cluster issuer by which cert-manager makes a certificate for each host. */
  clusterIssuer?: string | undefined;
  /** Host names of registries, a route each; or `*` for all there may ever be. */
  registryHosts?: string | readonly string[] | undefined;
  /** Annotations of the new Gateway. */
  annotations?: Readonly<Record<string, string>> | undefined;
}

/** A Gateway that is there already. */
export interface GatewayParent {
  /** The Gateway's name. */
  name: string;
  /** Its namespace; the route's own, if left out. */
  namespace?: string | undefined;
}

/** Who may reach the server, and whom it may reach. */
export interface Network {
  /** Who may reach the registry; everyone, if left out. */
  from?: readonly Peer[] | undefined;
  /** What the server must reach besides the cluster's DNS: storage, identity providers. */
  to?: readonly Destination[] | undefined;
}

/** Who a connection comes from or goes to. */
export interface Peer {
  /** Pods of namespaces with these labels; alone or with `podLabels`. */
  namespaceLabels?: Readonly<Record<string, string>> | undefined;
  /** Pods with these labels: of the server's own namespace, if `namespaceLabels` is left out. */
  podLabels?: Readonly<Record<string, string>> | undefined;
  /** Addresses instead of pods, such as `10.0.0.0/8`. */
  cidr?: string | undefined;
}

/** What the server must reach. */
export interface Destination {
  /** Whom the server reaches. */
  peer: Peer;
  /** The ports that it reaches; 443 by default. */
  ports?: readonly number[] | undefined;
}

/** How the Prometheus operator reads the server's metrics. */
export interface ServiceMonitor {
  /** How often metrics are read; `30s` by default. */
  interval?: string | undefined;
  /** Labels by which the Prometheus operator finds it. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Who scrapes: nobody else reaches the metrics. */
  from?: readonly Peer[] | undefined;
}

/** Who pulls: `dockerConfigJson`, or the other three. */
export interface Credentials {
  /** Content of a Docker `config.json`, such as a token's output of that name. Alone. */
  dockerConfigJson?: pulumi.Input<string | undefined>;
  /** What stands before a repository's name in an image reference. */
  registry?: pulumi.Input<string | undefined>;
  /** The name to log in with. */
  username?: pulumi.Input<string | undefined>;
  /** The secret to log in with. */
  password?: pulumi.Input<string | undefined>;
}

/** What a `Registry` is made from. */
export interface HostedRegistrySettings {
  /**
   * The registry's name: 3 to 63 lower-case letters, digits and hyphens, unique over all
   * organizations. Left out, it is the resource's name and a random suffix. Another name makes
   * another registry.
   */
  name?: pulumi.Input<string | undefined>;
  /**
   * The id of the location to store content in, such as `de/fra`. Another location makes another
   * registry.
   */
  location: pulumi.Input<string>;
  /** `private` (the default), or `public`: anyone may pull, and do nothing else. */
  visibility?: pulumi.Input<Visibility | undefined>;
  /**
   * Whether what is pushed is scanned for vulnerabilities; true by default. Once on, it cannot be
   * switched off. The server does not scan yet.
   */
  vulnerabilityScanning?: pulumi.Input<boolean | undefined>;
  /**
   * IPv4 and IPv6 addresses and networks that may push and pull, at most 25, such as
   * `192.0.2.0/24`. Empty, the default, means everyone.
   */
  apiSubnetAllowList?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Whether the server refuses to delete the registry, whoever asks; false by default. */
  deletionProtection?: pulumi.Input<boolean | undefined>;
  /**
   * Whether deleting the component deletes artifacts too; true by default, unlike that of
   * `Registry`.
   */
  forceDestroy?: pulumi.Input<boolean | undefined>;
}

/** What a `GCSchedule` is made from, but for its registry. */
export interface HostedSchedule {
  /** The days of the week, at least one: `Monday` to `Sunday`. */
  days: pulumi.Input<pulumi.Input<Weekday>[]>;
  /** The time of day in UTC: `19:30`, `19:30:00`, `19:30:00Z` and `19:30:00+00:00` are the same. */
  time: pulumi.Input<string>;
  /** Whether runs also remove manifests that no tag names; false by default. */
  deleteUntagged?: pulumi.Input<boolean | undefined>;
}

/** What a `PullSecret` is made from, but for its credentials. */
export interface HostedPullSecret {
  /** The Secret's name in each namespace; `moorage-pull` by default. */
  name?: string | undefined;
  /** The namespaces that get a Secret each. */
  namespaces: readonly string[];
  /**
   * Service accounts of these namespaces whose pods use the Secret. Replaces the account's list
   * `imagePullSecrets`, and nothing else of it.
   */
  serviceAccounts?: readonly string[] | undefined;
  /** Labels of the Secrets. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** How long a token that is made lives; `90d` by default. */
  expiresIn?: pulumi.Input<string | undefined>;
  /** How long before its end the next `pulumi up` replaces it; `30d` by default. */
  rotateBefore?: pulumi.Input<string | undefined>;
}

/** A route from a registry's host name to the server. */
export interface Route {
  /** The route's name. */
  name: string;
  /** The server's namespace. */
  namespace: string;
  /** The server's Service; `moorage`, if left out. */
  serviceName?: string | undefined;
  /** The Gateway that serves the registry's host name. */
  parent: GatewayParent;
  /** Labels of the route. */
  labels?: Readonly<Record<string, string>> | undefined;
}
