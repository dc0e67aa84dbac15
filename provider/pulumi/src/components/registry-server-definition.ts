import { serverFields } from "@moorage/core/deployment/server-options";
import { z } from "zod";
import { type ComponentDefinition, mayBeLater } from "./definition.ts";

const text = z.string();

/** What {@link RegistryServerComponent} is in other languages. */
export const registryServer: ComponentDefinition = {
  type: "RegistryServer",
  description:
    "A registry server on Kubernetes, with everything that belongs to it: namespace, service account, settings, keys, pods with a volume, service, network policy, disruption budget, and, where asked for, gateway, routes and metrics.",
  example: {
    resources: {
      server: {
        type: "kubernetes:RegistryServer",
        properties: {
          image: "registry.example.com/moorage/server:1",
          host: "registry.example.com",
          gateway: { className: "public", clusterIssuer: "letsencrypt" },
        },
      },
    },
    outputs: { endpoint: "${server.endpoint}" },
  },
  inputs: z.strictObject({
    ...serverFields,
    masterKey: mayBeLater(text)
      .optional()
      .describe(
        "32 random bytes in base64; generated and kept in state, encrypted, if left out. It never changes: it opens everything that is stored.",
      ),
    ownerPassword: mayBeLater(text)
      .optional()
      .describe(
        "The first owner's password; generated, if left out. Counts at the server's first start.",
      ),
  }),
  outputs: z.object({
    endpoint: text.describe("Where clients reach the server; what `moorage:endpoint` is set to."),
    namespace: text.describe("The namespace of the server's objects."),
    ownerEmail: text.describe("The first owner: what `moorage:username` is set to."),
    ownerPassword: text
      .optional()
      .describe(
        "The first owner's password; absent where the Secret of the keys was there before.",
      ),
    masterKey: text
      .optional()
      .describe("The master key; absent where the Secret of the keys was there before."),
  }),
  secrets: ["ownerPassword", "masterKey"],

  async make(parts, name, args, opts) {
    const { RegistryServerComponent } = await import("./registry-server.ts");
    return new RegistryServerComponent(parts, name, args as never, opts);
  },
};
