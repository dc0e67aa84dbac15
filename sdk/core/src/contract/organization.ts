import { z } from "zod";
import { identifier } from "./identifier.ts";

/** Answer of GET /organization (extensions): who it is and what its registries store. */
export const organization = z.object({
  id: identifier.optional(),
  type: z.string().optional(),
  href: z.string().optional(),
  properties: z.object({
    name: z.string(),
    contractNumber: z.int().optional(),
    usage: z.array(z.object({ registryId: identifier, registryName: z.string(), bytes: z.int() })),
  }),
});
export type Organization = z.output<typeof organization>;
