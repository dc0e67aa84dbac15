// The face for Kubernetes: what `import … from "@moorage/pulumi/kubernetes"` offers. Apart from the package's main face, because it
// needs @pulumi/kubernetes.
export { HostedRegistry, type HostedRegistryArgs } from "./hosted-registry.ts";
export { PullSecret, type PullSecretArgs, type PullSecretCredentials } from "./pull-secret.ts";
export { RegistryServer, type RegistryServerArgs } from "./registry-server.ts";
