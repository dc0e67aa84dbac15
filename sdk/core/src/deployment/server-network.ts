import { field, type KubernetesObject, type ObjectMetadata } from "./kubernetes-object.ts";
import type { Peer, ServerPlan } from "./server-options.ts";
import { SERVER_PORT } from "./server-settings.ts";

/** The address of the server inside the cluster. */
export function service(
  { service: { annotations, nodePort, type } }: ServerPlan,
  metadata: ObjectMetadata,
  selector: Readonly<Record<string, string>>,
): KubernetesObject {
  const http = { name: "http", port: SERVER_PORT, targetPort: "http", protocol: "TCP" };
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations },
    spec: { type, selector, ports: [{ ...http, ...field("nodePort", nodePort) }] },
  };
}

/**
 * What the server's pods may be asked by and may ask; everything else is denied. Other pods of the namespace are not meant: those by
 * which cert-manager answers challenges, for example, are in it too.
 */
export function networkPolicy(
  { network, serviceMonitor }: ServerPlan,
  metadata: ObjectMetadata,
  selector: Readonly<Record<string, string>>,
): KubernetesObject {
  const scrapers = serviceMonitor?.from ?? [];
  const from = network.from && [...network.from, ...scrapers].map(peerOf);
  // CoreDNS listens at 53, OpenShift's at 5353.
  const dns = [53, 5353].flatMap((port) => [
    { port, protocol: "UDP" },
    { port, protocol: "TCP" },
  ]);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata,
    spec: {
      podSelector: { matchLabels: selector },
      policyTypes: ["Ingress", "Egress"],
      // Nobody at all is no rule; a rule without peers would be everybody.
      ...(from?.length === 0
        ? {}
        : {
            ingress: [{ ...field("from", from), ports: [{ port: SERVER_PORT, protocol: "TCP" }] }],
          }),
      egress: [
        { to: [{ namespaceSelector: {} }], ports: dns },
        ...network.to.map(({ peer, ports }) => ({
          to: [peerOf(peer)],
          ports: ports.map((port) => ({ port, protocol: "TCP" })),
        })),
      ],
    },
  };
}

/** Tells the Prometheus operator where the server's metrics are. */
export function serviceMonitor(
  { interval, labels, path }: NonNullable<ServerPlan["serviceMonitor"]>,
  metadata: ObjectMetadata,
  selector: Readonly<Record<string, string>>,
): KubernetesObject {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { ...metadata, labels: { ...metadata.labels, ...labels } },
    spec: {
      selector: { matchLabels: selector },
      endpoints: [{ port: "http", path, interval }],
    },
  };
}

function peerOf({ cidr, namespaceLabels, podLabels }: Peer): Record<string, unknown> {
  if (cidr !== undefined) return { ipBlock: { cidr } };
  return {
    ...field("namespaceSelector", namespaceLabels && { matchLabels: namespaceLabels }),
    ...field("podSelector", podLabels && { matchLabels: podLabels }),
  };
}
