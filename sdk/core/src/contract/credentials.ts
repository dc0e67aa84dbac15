import { z } from "zod";
import { identifier } from "./identifier.ts";
import { QUERY_SENTENCE } from "./pages.ts";

/** Query of GET /registries/{id}/credentials (extensions). */
export const credentialsQuery = z.object({ tokenId: identifier }, QUERY_SENTENCE);
export type CredentialsQuery = z.output<typeof credentialsQuery>;

/** How a token logs in, without its secret: `<password>` stands where it belongs. */
export const credentialsResponse = z.object({
  endpoint: z.string(),
  username: z.string(),
  dockerLogin: z.string(),
  dockerconfigjson: z.string(),
});
export type CredentialsResponse = z.output<typeof credentialsResponse>;
