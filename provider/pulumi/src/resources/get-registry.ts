import { z } from "zod";
import { idInput, inputsObject } from "./inputs.ts";
import { found, inOneWay, named, type Query } from "./query.ts";
import { registryInputs, registryOutputs, registryState } from "./registry.ts";

const { location, visibility, vulnerabilityScanning, apiSubnetAllowList, deletionProtection } =
  registryInputs.shape;

const inputs = inputsObject({
  registryId: idInput("registryId").optional().describe("The registry's id. Excludes `name`."),
  name: z
    .string("name must be text")
    .optional()
    .describe("The registry's whole name. Excludes `registryId`."),
}).refine(inOneWay("registryId", "name"), "give either registryId or name, to say which registry");

/** A registry that somebody else made. */
export const getRegistry: Query = {
  name: "getRegistry",
  description: "A registry that is there, by its id or its name.",
  example: {
    functions: { shop: { name: "getRegistry", inputs: { name: "shop" } } },
    outputs: { endpoint: "${shop.endpoint}" },
  },
  inputs,
  outputs: z.object({
    ...registryOutputs.shape,
    name: z.string().describe("The registry's name."),
    location,
    visibility,
    vulnerabilityScanning,
    apiSubnetAllowList,
    deletionProtection,
  }),

  async ask({ client }, bag) {
    const { registryId, name = "" } = inputs.parse(bag);
    const registry =
      registryId === undefined
        ? await named(client.registries.list({ name }), "registry", name)
        : found(await client.registries.get(registryId), "registry", registryId);
    return registryState({}, registry);
  },
};
