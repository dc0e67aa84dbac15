// The face for Kubernetes: what `import … from "@moorage/pulumi/kubernetes"` offers. Apart from the package's main face, because it
// needs @pulumi/kubernetes.
export { HostedRegistry, PullSecret, RegistryServer } from "./dynamic-components.ts";
export type { HostedRegistryArgs } from "./hosted-registry.ts";
export type { PullSecretArgs, PullSecretCredentials } from "./pull-secret.ts";
export type { RegistryServerArgs } from "./registry-server.ts";
