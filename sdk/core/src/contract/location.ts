import { z } from "zod";
import { known } from "./known-words.ts";
import { LOCATION_CHARACTERS_MAX } from "./limits.ts";
import { sentWhole } from "./sent-whole.ts";

const SENTENCE = "location must be the id of a location, such as de/fra";

/** A location's id in a request, `cc/ccc`; whether it is served is the server's to say. */
export const locationId = z
  .string(SENTENCE)
  .max(LOCATION_CHARACTERS_MAX, { error: SENTENCE, abort: true })
  .regex(/^[a-z]{2}\/[a-z0-9-]{2,29}$/, SENTENCE);

/** One location (contract, section 2, "LocationsResponse"). */
export const location = z.object({ id: z.string() });
export type Location = z.output<typeof location>;

/** Answer of GET /locations. */
export const locationsResponse = sentWhole(
  z.object({
    id: known("locations"),
    type: known("collection"),
    href: z.string().optional(),
    items: z.array(location),
  }),
);
export type LocationsResponse = z.output<typeof locationsResponse>;
