import { z } from "zod";
import { inputsObject } from "./inputs.ts";
import type { Query } from "./query.ts";

/** Where registries can be. */
export const getLocations: Query = {
  name: "getLocations",
  description: "The locations that registries can be created in.",
  example: {
    functions: { places: { name: "getLocations", inputs: {} } },
    outputs: { locations: "${places.locations}" },
  },
  inputs: inputsObject({}),
  outputs: z.object({
    locations: z.array(z.string()).describe("Ids of locations, such as `de/fra`."),
  }),

  async ask({ client }) {
    return { locations: (await client.locations()).map(({ id }) => id) };
  },
};
