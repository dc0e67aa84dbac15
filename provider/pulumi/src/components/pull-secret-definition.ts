import { named } from "@moorage/core/deployment/option-types";
import { pullSecretFields } from "@moorage/core/deployment/pull-secret";
import { z } from "zod";
import { SHOP } from "../resources/example.ts";
import { type ComponentDefinition, mayBeLater } from "./definition.ts";

const text = z.string();

/** How long a token lives that a pull secret makes. */
export const tokenTimes = {
  expiresIn: mayBeLater(text)
    .optional()
    .describe("How long a token that is made lives; `90d` by default."),
  rotateBefore: mayBeLater(text)
    .optional()
    .describe("How long before its end the next `pulumi up` replaces it; `30d` by default."),
};

const credentials = z
  .strictObject({
    dockerConfigJson: mayBeLater(text)
      .optional()
      .describe("Content of a Docker `config.json`, such as a token's output of that name. Alone."),
    registry: mayBeLater(text)
      .optional()
      .describe("What stands before a repository's name in an image reference."),
    username: mayBeLater(text).optional().describe("The name to log in with."),
    password: mayBeLater(text).optional().describe("The secret to log in with."),
  })
  .meta(named("Credentials", "Who pulls: `dockerConfigJson`, or the other three."));

/** What {@link PullSecretComponent} is in other languages. */
export const pullSecret: ComponentDefinition = {
  type: "PullSecret",
  description:
    "Lets pods pull: a Secret in each namespace, named by service accounts. When a token is rotated, the Secrets change in place before the old token goes, so there is no moment in which pods cannot pull. Of a provider of `kubernetes` that is given or inherited, this asks for `enableSecretMutable: true`; without one, the component makes its own, by the stack's settings.",
  example: {
    resources: {
      shop: SHOP,
      pull: {
        type: "kubernetes:PullSecret",
        properties: {
          namespaces: ["shop"],
          serviceAccounts: ["default"],
          registryIds: ["${shop.registryId}"],
        },
      },
    },
    outputs: { secret: "${pull.secretName}" },
  },
  inputs: z.strictObject({
    ...pullSecretFields,
    credentials: z.array(credentials).optional().describe("One for each registry."),
    registryIds: z
      .array(mayBeLater(text))
      .optional()
      .describe(
        "Registries for which a token is made that may pull, and nothing else; it lives for `expiresIn`.",
      ),
    ...tokenTimes,
  }),
  outputs: z.object({
    secretName: text.describe("The name of the Secret in each namespace."),
    dockerConfigJson: text.describe("What the Secrets hold; secret."),
  }),
  secrets: ["dockerConfigJson"],

  async make(parts, name, args, opts) {
    const { PullSecretComponent } = await import("./pull-secret.ts");
    // Names and shapes were checked against `inputs`; values are what they are checked against once they are known.
    return new PullSecretComponent(parts, name, args as never, opts);
  },
};
