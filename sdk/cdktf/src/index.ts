// The package's face: what `import … from "@moorage/cdktf"` offers.
export { PullSecret, type PullSecretConfig } from "./pull-secret.ts";
export { RegistryServer, type RegistryServerConfig } from "./registry-server.ts";
