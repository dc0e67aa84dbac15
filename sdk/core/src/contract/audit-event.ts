import { z } from "zod";
import { identifier } from "./identifier.ts";
import { known } from "./known-words.ts";
import { pageFilter, pageLimit, pageOrder, pageToken, QUERY_SENTENCE } from "./pages.ts";
import { sentWhole } from "./sent-whole.ts";
import { requestTimestamp, timestamp } from "./timestamp.ts";

/** What the audit log tells of. More may be added. */
export const AUDIT_ACTIONS = [
  "organization.create",
  "user.create",
  "user.change",
  "user.delete",
  "registry.create",
  "registry.change",
  "registry.delete",
  "token.create",
  "token.change",
  "token.rotate",
  "token.delete",
  "token.expire",
  "token.spend",
  "token.refuse",
  "scope.add",
  "scope.change",
  "scope.remove",
  "garbage-collection.start",
  "content.delete",
  "backup.take",
  "backup.restore",
  "master-key.rotate",
  "audit-events.expire",
  "sign-in.fail",
  "sign-in.slow",
  "access.refuse",
] as const;
export type AuditActionName = (typeof AUDIT_ACTIONS)[number];

/** Query of GET /audit-events (extensions). `actor` is an id, or exactly a name. */
export const auditEventsQuery = z
  .object(
    {
      since: requestTimestamp("since").optional(),
      until: requestTimestamp("until").optional(),
      registryId: identifier.optional(),
      actor: pageFilter("actor"),
      action: z
        .enum(AUDIT_ACTIONS, `action must be one of ${AUDIT_ACTIONS.join(", ")}, given once`)
        .optional(),
      orderBy: pageOrder(["at"]).default("-at"),
      format: z.enum(["json", "jsonl"], "format must be json or jsonl, given once").default("json"),
      limit: pageLimit,
      "pagination.token": pageToken,
    },
    QUERY_SENTENCE,
  )
  .transform(({ "pagination.token": token, ...query }) => ({ ...query, pageToken: token }));
export type AuditEventsQuery = z.output<typeof auditEventsQuery>;

/** Who did what, to what, when, from where, and how it went. An export has one in each line. */
export const auditEvent = z.object({
  id: identifier,
  type: z.literal("audit-event"),
  properties: z.object({
    at: timestamp,
    /** One of {@link AUDIT_ACTIONS}, or one that a newer server knows. */
    action: known(...AUDIT_ACTIONS),
    /** `succeeded` or `refused`. */
    outcome: known("succeeded", "refused"),
    /** Of a refusal: why. */
    reason: z.string().nullable(),
    /**
     * `workload` is a pipeline with an identity provider's JWT, `unknown` has credentials that are nobody's, `server` is a job, `operator` a
     * command on the server's machine.
     */
    actor: z.object({
      kind: known("user", "token", "workload", "anonymous", "unknown", "server", "operator"),
      id: z.string().nullable(),
      name: z.string(),
    }),
    registryId: identifier.nullable(),
    /** As it was called then. */
    registryName: z.string().nullable(),
    resource: z
      .object({ type: z.string(), id: z.string().nullable(), name: z.string() })
      .nullable(),
    /** Names of the fields that a change has changed. */
    changes: z.array(z.string()),
    /** Null where nobody asked. Of a command `address` is `local`, `requestId` the process, `userAgent` the command. */
    origin: z
      .object({ address: z.string(), requestId: z.string(), userAgent: z.string().nullable() })
      .nullable(),
    /** How many alike it stands for. */
    count: z.int(),
  }),
});
export type AuditEvent = z.output<typeof auditEvent>;

/** Answer of GET /audit-events, the latest first unless `orderBy` says otherwise. */
export const auditEventsResponse = sentWhole(
  z.object({
    id: known("audit-events"),
    type: known("collection"),
    href: z.string().optional(),
    items: z.array(auditEvent),
    pagination: z.object({ limit: z.int(), token: z.string() }),
  }),
);
export type AuditEventsResponse = z.output<typeof auditEventsResponse>;
