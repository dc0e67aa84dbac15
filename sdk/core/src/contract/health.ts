import { z } from "zod";

/** Answer of GET /healthz and GET /readyz (extensions), which need no credentials. */
export const health = z.object({ status: z.enum(["ok", "unavailable"]) });
export type Health = z.output<typeof health>;
