import { KubernetesApi } from "./kubernetes-api.ts";
import { gatewayDefinitions } from "./kubernetes-definitions.ts";

/** An API server that knows Gateway API; these namespaces are there. */
export async function gatewayCluster(namespaces: readonly string[]): Promise<KubernetesApi> {
  const api = await KubernetesApi.start({ controllers: true });
  try {
    await api.kubectl(["apply", "--server-side", "-f", await gatewayDefinitions()]);
    await api.kubectl(["wait", "crd", "--all", "--for=condition=Established"]);
    for (const namespace of namespaces) await api.kubectl(["create", "namespace", namespace]);
    return api;
  } catch (error) {
    await api[Symbol.asyncDispose]();
    throw error;
  }
}
