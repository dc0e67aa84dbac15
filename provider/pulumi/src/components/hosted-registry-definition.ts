import { named } from "@moorage/core/deployment/option-types";
import { pullSecretFields } from "@moorage/core/deployment/pull-secret";
import { registryRouteOptions } from "@moorage/core/deployment/registry-route";
import { z } from "zod";
import { gcSchedule } from "../resources/gc-schedule.ts";
import { registryInputs } from "../resources/registry.ts";
import { type ComponentDefinition, mayBeLater } from "./definition.ts";
import { tokenTimes } from "./pull-secret-definition.ts";

const { resourceName: _, ...registryFields } = registryInputs.shape;
const { resourceName: _name, registryId: _id, ...scheduleFields } = gcSchedule.inputs.shape;
const registry = z
  .strictObject({
    ...allLater(registryFields),
    forceDestroy: mayBeLater(z.boolean())
      .optional()
      .describe(
        "Whether deleting the component deletes artifacts too; true by default, unlike that of `Registry`.",
      ),
  })
  .meta(named("HostedRegistrySettings", "What a `Registry` is made from."));
const schedule = z
  .strictObject(allLater(scheduleFields))
  .meta(named("HostedSchedule", "What a `GCSchedule` is made from, but for its registry."));
const pullSecret = z
  .strictObject({ ...pullSecretFields, ...tokenTimes })
  .meta(named("HostedPullSecret", "What a `PullSecret` is made from, but for its credentials."));

/** What {@link HostedRegistryComponent} is in other languages. */
export const hostedRegistry: ComponentDefinition = {
  type: "HostedRegistry",
  description:
    "A registry with everything around it: schedule, pull token, pull secrets, route. Deleting it leaves nothing.",
  example: {
    resources: {
      shop: {
        type: "kubernetes:HostedRegistry",
        properties: {
          registry: { location: "de/fra" },
          pullSecret: { namespaces: ["shop"], serviceAccounts: ["default"] },
        },
      },
    },
    outputs: { endpoint: "${shop.endpoint}" },
  },
  inputs: z.strictObject({
    registry: registry.describe(
      "The registry. Its content goes with it, unless `forceDestroy` is false.",
    ),
    schedule: schedule
      .optional()
      .describe("When its garbage is collected; Sunday at 03:00 if left out."),
    pullSecret: pullSecret.describe("Where pods may pull from it."),
    route: registryRouteOptions
      .optional()
      .describe("Leads the registry's host name to the server, where registries have host names."),
  }),
  outputs: z.object({
    registryId: z.string().describe("The registry's id."),
    endpoint: z.string().describe("What stands before a repository's name in an image reference."),
    secretName: z.string().describe("The name of the pull secret in each namespace."),
  }),
  secrets: [],

  async make(parts, name, args, opts) {
    const { HostedRegistryComponent } = await import("./hosted-registry.ts");
    return new HostedRegistryComponent(parts, name, args as never, opts);
  },
};

function allLater(fields: Readonly<Record<string, z.core.$ZodType>>): z.ZodRawShape {
  const entries = Object.entries(fields).map(([key, schema]) => {
    return [key, schema instanceof z.ZodType ? mayBeLater(schema) : schema];
  });
  return Object.fromEntries(entries);
}
