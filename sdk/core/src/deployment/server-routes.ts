import { createHash } from "node:crypto";
import { field, type KubernetesObject, type ObjectMetadata } from "./kubernetes-object.ts";
import type { GatewayOptions, ServerPlan } from "./server-options.ts";
import { SERVER_PORT } from "./server-settings.ts";

/** A host name that leads to the server, and what its listener and its route are called. */
interface RoutedHost {
  readonly name: string;
  readonly host: string;
}

/** The Gateway, unless there is one already, and a route for each host name. */
export function routes(
  plan: ServerPlan,
  gateway: GatewayOptions,
  metadata: ObjectMetadata,
): KubernetesObject[] {
  const hosts = routedHosts(plan, gateway);
  const made =
    gateway.className === undefined
      ? []
      : [newGateway(gateway.className, gateway, hosts, metadata)];
  return [...made, ...hosts.map((host) => route(host, plan, gateway, metadata))];
}

function routedHosts(
  { domain, host, locations, name }: ServerPlan,
  { registryHosts }: GatewayOptions,
): RoutedHost[] {
  const suffixes = locations.map((location) => `cr.${location.replaceAll("/", "-")}.${domain}`);
  const ofRegistries =
    registryHosts === "*" ? suffixes.map((suffix) => `*.${suffix}`) : registryHosts;
  return [
    { name, host },
    ...ofRegistries.map((each) => ({ name: routeName(name, each), host: each })),
  ];
}

/** One that says which host it is for, but differs from those of all other hosts also where it is cut off. */
function routeName(name: string, host: string): string {
  const readable = host
    .replace("*", "any")
    .replaceAll(".", "-")
    .slice(0, 63 - name.length - 8);
  const fingerprint = createHash("sha256").update(host).digest("hex").slice(0, 6);
  return `${name}-${readable.replace(/-+$/, "")}-${fingerprint}`;
}

function newGateway(
  className: string,
  { annotations, clusterIssuer, issuer, tlsSecretName }: GatewayOptions,
  hosts: readonly RoutedHost[],
  metadata: ObjectMetadata,
): KubernetesObject {
  const all = {
    ...field("cert-manager.io/issuer", issuer),
    ...field("cert-manager.io/cluster-issuer", clusterIssuer),
    ...annotations,
  };
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: Object.keys(all).length === 0 ? metadata : { ...metadata, annotations: all },
    spec: {
      gatewayClassName: className,
      listeners: hosts.map(({ host, name }) => ({
        name,
        hostname: host,
        port: 443,
        protocol: "HTTPS",
        tls: {
          mode: "Terminate",
          certificateRefs: [{ kind: "Secret", name: tlsSecretName ?? `${name}-tls` }],
        },
        allowedRoutes: { namespaces: { from: "Same" } },
      })),
    },
  };
}

function route(
  { host, name }: RoutedHost,
  plan: ServerPlan,
  { parent }: GatewayOptions,
  metadata: ObjectMetadata,
): KubernetesObject {
  const gateway =
    parent === undefined
      ? { name: plan.name, sectionName: name }
      : { name: parent.name, ...field("namespace", parent.namespace) };
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { ...metadata, name },
    spec: routeSpec(host, gateway, plan.name),
  };
}

/** All requests to a host, to the Service of the server. */
export function routeSpec(
  host: unknown,
  parent: Readonly<Record<string, string>>,
  serviceName: string,
): Record<string, unknown> {
  return {
    parentRefs: [parent],
    hostnames: [host],
    rules: [
      {
        matches: [{ path: { type: "PathPrefix", value: "/" } }],
        backendRefs: [{ name: serviceName, port: SERVER_PORT }],
        // However long the push of a large blob takes: the server watches over connections that stand still.
        timeouts: { request: "0s" },
      },
    ],
  };
}
