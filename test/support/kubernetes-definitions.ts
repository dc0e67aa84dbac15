import path from "node:path";
import { moduleFolder } from "../../tools/obtain/module-folder.ts";
import { KUBERNETES_CRDS } from "../../tools/obtain/tool.ts";

/** The folder with the definitions of Gateway API. */
export async function gatewayDefinitions(): Promise<string> {
  const folder = await moduleFolder(KUBERNETES_CRDS, "sigs.k8s.io/gateway-api");
  return path.join(folder, "config/crd/standard");
}

/** The file with the definition of the Prometheus operator's ServiceMonitor. */
export async function monitoringDefinition(): Promise<string> {
  const module = "github.com/prometheus-operator/prometheus-operator";
  const folder = await moduleFolder(KUBERNETES_CRDS, module);
  return path.join(
    folder,
    "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",
  );
}
