import type { z } from "zod";
import { requestObject } from "../contract/request-object.ts";
import { parseOptions } from "./deployment-error.ts";
import { field, type KubernetesObject } from "./kubernetes-object.ts";
import { gatewayParent, named, objectName, texts } from "./option-types.ts";
import { routeSpec } from "./server-routes.ts";

/** The route of one registry. */
export const registryRouteOptions = requestObject("a route", {
  name: objectName.describe("The route's name."),
  namespace: objectName.describe("The server's namespace."),
  serviceName: objectName
    .default("moorage")
    .describe("The server's Service; `moorage`, if left out."),
  parent: gatewayParent.describe("The Gateway that serves the registry's host name."),
  labels: texts.default({}).describe("Labels of the route."),
}).meta(named("Route", "A route from a registry's host name to the server."));
/** What the route of one registry is made from. */
export type RegistryRouteOptions = z.input<typeof registryRouteOptions>;

/**
 * A route from a registry's host name to the server, for a registry that the server's own options do not name.
 * @param host the host name, or what stands for it until it is known
 * @throws DeploymentError
 */
export function registryRouteObject(
  options: RegistryRouteOptions,
  host: unknown,
): KubernetesObject {
  const { labels, name, namespace, parent, serviceName } = parseOptions(
    "route",
    registryRouteOptions,
    options,
  );
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name, namespace, labels: { "app.kubernetes.io/managed-by": "moorage", ...labels } },
    spec: routeSpec(
      host,
      { name: parent.name, ...field("namespace", parent.namespace) },
      serviceName,
    ),
  };
}
