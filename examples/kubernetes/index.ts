import { HostedRegistry, RegistryServer } from "@moorage/pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const server = new RegistryServer("moorage", {
  image: "moorage:local",
  host: "registry.example.com",
  // The same on the machine, by a port that is forwarded, and on the node, by its own: one image reference serves both.
  publicUrl: "http://127.0.0.1:30500",
  storage: { type: "embedded", size: "1Gi" },
  service: { type: "NodePort", nodePort: 30500 },
});

/** A registry with a schedule, a token that pulls, and the Secret by which the pods of the namespace pull. */
function declareRegistry(): HostedRegistry {
  return new HostedRegistry(
    "shop",
    {
      registry: { name: "shop", location: "de/fra" },
      pullSecret: { namespaces: ["default"], serviceAccounts: ["default"] },
    },
    // Also the order of deletion: a registry is deleted by its server.
    { dependsOn: server },
  );
}

// A server is asked for registries once it runs, and once the stack is told where it is.
const isReachable = new pulumi.Config("moorage").get("endpoint") !== undefined;
const shop = isReachable ? declareRegistry() : undefined;

export const ownerEmail = server.ownerEmail;
export const ownerPassword = server.ownerPassword;
export const registry = shop?.endpoint;
export const secretName = shop?.secretName;
