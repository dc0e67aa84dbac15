// Written by `npm run generate` from the package's schema; do not edit.
import * as pulumi from "@pulumi/pulumi";
import { VERSION } from "../plugin/version.ts";
import type {
  Addressing,
  ContainerResources,
  Gateway,
  Network,
  Service,
  ServiceMonitor,
  Storage,
} from "../program/named-types.ts";
import { blank } from "../program/shape.ts";
/** What a `RegistryServer` is made from. */
export interface RegistryServerArgs {
  /**
   * The name of nearly all objects, at most 40 characters; `moorage` by default. Not the
   * resource's name.
   */
  name?: string | undefined;
  /** The namespace; the name, if left out. */
  namespace?: string | undefined;
  /** Whether to make the namespace, with the Pod Security Standard `restricted`; true by default. */
  createNamespace?: boolean | undefined;
  /** The server's image. */
  image: string;
  /** Names of Secrets, to pull that image. */
  imagePullSecrets?: readonly string[] | undefined;
  /** The host name of both APIs. */
  host: string;
  /** What clients are told to use; `https://` and the host, if left out. */
  publicUrl?: string | undefined;
  /** `path` (the default), or `host`: each registry has a host name; needs `gateway`. */
  addressing?: Addressing | undefined;
  /** The suffix of registries' host names; the host, if left out. */
  domain?: string | undefined;
  /** The locations that registries can have; `de/fra` by default. */
  locations?: readonly string[] | undefined;
  /** The first owner's address; `admin@` and the host, if left out. */
  ownerEmail?: string | undefined;
  /**
   * The Secret with `master-key` and `owner-password`; the name with `-keys`, if left out. Named
   * without keys, it is expected to be there.
   */
  keysSecretName?: string | undefined;
  /** Address ranges of the gateway's pods. Without them, the gateway is taken for every client. */
  trustedProxies?: readonly string[] | undefined;
  /** Further settings of the server, by their names, such as `MOORAGE_RATE_LIMIT`. */
  settings?: Readonly<Record<string, string>> | undefined;
  /** Where the server keeps content; a volume of `10Gi` by default. */
  storage?: Storage | undefined;
  /** What the server's pods get of their nodes. */
  resources?: ContainerResources | undefined;
  /** The server's address inside the cluster. */
  service?: Service | undefined;
  /** How the server's hosts are reached through Gateway API; not, if left out. */
  gateway?: Gateway | undefined;
  /** Who may reach the server, and whom it may reach: everyone in, DNS out by default. */
  network?: Network | undefined;
  /** How the Prometheus operator reads the server's metrics; not, if left out. */
  serviceMonitor?: ServiceMonitor | undefined;
  /** Labels of all objects. */
  labels?: Readonly<Record<string, string>> | undefined;
  /**
   * 32 random bytes in base64; generated and kept in state, encrypted, if left out. It never
   * changes: it opens everything that is stored.
   */
  masterKey?: pulumi.Input<string | undefined>;
  /** The first owner's password; generated, if left out. Counts at the server's first start. */
  ownerPassword?: pulumi.Input<string | undefined>;
}

/**
 * A registry server on Kubernetes, with everything that belongs to it: namespace, service account,
 * settings, keys, pods with a volume, service, network policy, disruption budget, and, where asked
 * for, gateway, routes and metrics.
 */
export class RegistryServer extends pulumi.ComponentResource {
  /** Where clients reach the server; what `moorage:endpoint` is set to. */
  declare readonly endpoint: pulumi.Output<string>;
  /** The namespace of the server's objects. */
  declare readonly namespace: pulumi.Output<string>;
  /** The first owner: what `moorage:username` is set to. */
  declare readonly ownerEmail: pulumi.Output<string>;
  /** The first owner's password; absent where the Secret of the keys was there before. */
  declare readonly ownerPassword: pulumi.Output<string | undefined>;
  /** The master key; absent where the Secret of the keys was there before. */
  declare readonly masterKey: pulumi.Output<string | undefined>;

  /**
   * Declares it.
   * @param name the resource's name within the program
   * @param args what it is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: RegistryServerArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = blank(["endpoint", "namespace", "ownerEmail", "ownerPassword", "masterKey"]);
    const options = pulumi.mergeOptions({ version: VERSION }, opts);
    super("moorage:kubernetes:RegistryServer", name, { ...outputs, ...args }, options, true);
  }
}
