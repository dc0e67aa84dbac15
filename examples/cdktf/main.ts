import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider/index.js";
import { PullSecret, RegistryServer } from "@moorage/cdktf";
import { App, TerraformStack, TerraformVariable } from "cdktf";

const app = new App();
const stack = new TerraformStack(app, "moorage");
new KubernetesProvider(stack, "kubernetes", { configPath: "~/.kube/config" });

new RegistryServer(stack, "server", {
  image: "registry.example.com/moorage/server:1",
  host: "registry.example.com",
  keysSecretName: "moorage-keys",
  gateway: { className: "public", clusterIssuer: "letsencrypt" },
});

const login = new TerraformVariable(stack, "docker_config_json", {
  type: "string",
  sensitive: true,
  description: "What a token's dockerConfigJson says",
});
new PullSecret(stack, "pull", {
  namespaces: ["shop"],
  serviceAccounts: ["default"],
  dockerConfigJson: login.stringValue,
});

app.synth();
