import { z } from "zod";
import { inputsObject } from "./inputs.ts";
import type { Query } from "./query.ts";

const inputs = inputsObject({
  name: z.string("name must be text").describe("The name to ask about."),
});

/** Whether a registry can have a name. */
export const isNameAvailable: Query = {
  name: "isNameAvailable",
  description:
    "Whether a new registry can have this name: names are unique over all organizations.",
  example: {
    functions: { free: { name: "isNameAvailable", inputs: { name: "shop" } } },
    outputs: { available: "${free.available}" },
  },
  inputs,
  outputs: z.object({
    available: z.boolean().describe("Whether the name is valid and free."),
    status: z
      .string()
      .describe("`free`, `taken`, or `invalid`: not 3 to 63 lower-case letters, digits, hyphens."),
  }),

  async ask({ client }, bag) {
    const status = await client.checkName(inputs.parse(bag).name);
    return { available: status === "free", status };
  },
};
