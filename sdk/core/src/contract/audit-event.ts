import { z } from "zod";
import { identifier } from "./identifier.ts";
import { pageFilter, pageLimit, pageToken, QUERY_SENTENCE } from "./pages.ts";
import { requestTimestamp, timestamp } from "./timestamp.ts";

/** Query of GET /audit-events (extensions). */
export const auditEventsQuery = z
  .object(
    {
      since: requestTimestamp("since").optional(),
      registryId: identifier.optional(),
      actor: pageFilter("actor"),
      limit: pageLimit,
      "pagination.token": pageToken,
    },
    QUERY_SENTENCE,
  )
  .transform(({ "pagination.token": token, ...query }) => ({ ...query, pageToken: token }));
export type AuditEventsQuery = z.output<typeof auditEventsQuery>;

/** Who did what, when, and from where. */
export const auditEvent = z.object({
  id: z.string(),
  type: z.literal("audit-event"),
  properties: z.object({
    at: timestamp,
    actor: z.string(),
    action: z.string(),
    registryId: identifier.nullable().optional(),
    subject: z.string().optional(),
    remoteAddress: z.string().optional(),
    outcome: z.string().optional(),
  }),
});
export type AuditEvent = z.output<typeof auditEvent>;

/** Answer of GET /audit-events, the latest first. */
export const auditEventsResponse = z.object({
  id: z.string(),
  type: z.string(),
  href: z.string().optional(),
  items: z.array(auditEvent),
  pagination: z.object({ limit: z.int(), token: z.string() }),
});
export type AuditEventsResponse = z.output<typeof auditEventsResponse>;
