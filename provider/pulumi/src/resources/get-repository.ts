import { z } from "zod";
import { idInput, inputsObject } from "./inputs.ts";
import { found, type Query } from "./query.ts";
import { repositoryUrl } from "./repository.ts";

const registryId = idInput("registryId").describe("The registry that holds the repository.");
const name = z.string("name must be text").describe("The repository's name, such as `team/app`.");
const inputs = inputsObject({ registryId, name });

/** A repository that holds something, whoever answers for it. */
export const getRepository: Query = {
  name: "getRepository",
  description:
    "A repository that holds something, by its name: where it is, and what the server has counted. One without artifacts is not there.",
  example: {
    functions: {
      shop: { name: "getRegistry", inputs: { name: "shop" } },
      app: {
        name: "getRepository",
        inputs: { registryId: "${shop.registryId}", name: "team/app" },
      },
    },
    outputs: { pulls: "${app.pullCount}" },
  },
  inputs,
  outputs: z.object({
    registryId,
    name,
    url: z
      .string()
      .describe(
        "What stands before tag or digest in an image reference, such as `127.0.0.1:5000/shop/team/app`.",
      ),
    artifactCount: z.int().describe("How many artifacts it holds."),
    pullCount: z.int().describe("How often artifacts were pulled from it."),
    pushCount: z.int().describe("How often artifacts were pushed to it."),
    lastPulledAt: z.string().optional().describe("When something was last pulled from it, in UTC."),
    lastPushedAt: z.string().optional().describe("When something was last pushed to it, in UTC."),
  }),

  async ask(context, bag) {
    const { registryId: home, name: wanted } = inputs.parse(bag);
    const url = found(await repositoryUrl(context, home, wanted), "registry", home);
    const { metadata, properties } = found(
      await context.client.repositories.get(home, wanted),
      "repository",
      JSON.stringify(wanted),
    );
    return {
      registryId: home,
      name: properties.name,
      url,
      artifactCount: metadata.artifactCount,
      pullCount: metadata.pullCount,
      pushCount: metadata.pushCount,
      lastPulledAt: metadata.lastPulledAt ?? undefined,
      lastPushedAt: metadata.lastPushedAt ?? undefined,
    };
  },
};
