import { field, type KubernetesObject, type ObjectMetadata } from "./kubernetes-object.ts";
import type { Peer, ServerPlan } from "./server-options.ts";
import { METRICS_PORT, SERVER_PORT } from "./server-settings.ts";

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
  const ingress = [
    ...inward(network.from, SERVER_PORT),
    ...(serviceMonitor === undefined ? [] : inward(serviceMonitor.from, METRICS_PORT)),
  ];
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
      ...(ingress.length === 0 ? {} : { ingress }),
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

/** Tells the Prometheus operator where the server's metrics are: at a Service of their own, which is never seen from outside. */
export function monitoring(
  { interval, labels }: NonNullable<ServerPlan["serviceMonitor"]>,
  metadata: ObjectMetadata,
  selector: Readonly<Record<string, string>>,
): KubernetesObject[] {
  const component = { "app.kubernetes.io/component": "metrics" };
  const metrics = { name: "metrics", port: METRICS_PORT, targetPort: "metrics", protocol: "TCP" };
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        ...metadata,
        name: `${metadata.name}-metrics`,
        labels: { ...metadata.labels, ...component },
      },
      spec: { type: "ClusterIP", clusterIP: "None", selector, ports: [metrics] },
    },
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { ...metadata, labels: { ...metadata.labels, ...labels } },
      spec: {
        selector: { matchLabels: { ...selector, ...component } },
        endpoints: [{ port: "metrics", path: "/metrics", interval }],
      },
    },
  ];
}

/** The rule that lets these peers, or everybody, reach a port. Nobody at all is no rule: one without peers would be everybody. */
function inward(from: readonly Peer[] | undefined, port: number): Record<string, unknown>[] {
  if (from?.length === 0) return [];
  return [{ ...field("from", from?.map(peerOf)), ports: [{ port, protocol: "TCP" }] }];
}

function peerOf({ cidr, namespaceLabels, podLabels }: Peer): Record<string, unknown> {
  if (cidr !== undefined) return { ipBlock: { cidr } };
  return {
    ...field("namespaceSelector", namespaceLabels && { matchLabels: namespaceLabels }),
    ...field("podSelector", podLabels && { matchLabels: podLabels }),
  };
}
