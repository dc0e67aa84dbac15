import { z } from "zod";
import { identifier } from "./identifier.ts";
import { known } from "./known-words.ts";
import { ORGANIZATION_NAME_CHARACTERS_MAX } from "./limits.ts";
import { sentWhole } from "./sent-whole.ts";

const NAME = `name must be text of 1 to ${ORGANIZATION_NAME_CHARACTERS_MAX} characters that can be seen, without spaces at its ends`;

/** What an organization may be called. */
export const organizationName = z
  .string(NAME)
  .max(ORGANIZATION_NAME_CHARACTERS_MAX, NAME)
  .regex(/^(?!\s)[^\p{C}\p{Zl}\p{Zp}]+(?<!\s)$/u, NAME);

/** Answer of GET /organization (extensions): who it is and what its registries store. */
export const organization = sentWhole(
  z.object({
    id: identifier.optional(),
    type: known("organization").optional(),
    href: z.string().optional(),
    properties: sentWhole(
      z.object({
        name: z.string(),
        contractNumber: z.int().optional(),
        usage: z.array(
          z.object({ registryId: identifier, registryName: z.string(), bytes: z.int() }),
        ),
      }),
    ),
  }),
);
export type Organization = z.output<typeof organization>;
