import { AUDIT_EVENTS_PER_REMOVAL_MAX } from "../domain/limits.ts";
import { auditEvent } from "./audit-event.ts";
import type { Context } from "./context.ts";
import { listOrganizations } from "./list-organizations.ts";

/**
 * Removes the audit events that are older than the operator wants them kept, and returns how many. What is removed is told by an event in the same log: a
 * log that begins somewhere says why.
 */
export async function expireAuditEvents(
  context: Pick<Context, "metadata" | "clock" | "ids" | "settings">,
  signal?: AbortSignal,
): Promise<number> {
  const { auditRetentionMilliseconds: kept } = context.settings;
  if (kept === undefined) {
    return 0;
  }
  const moment = context.clock.now() - kept;
  let count = 0;
  for await (const { id: organizationId, name } of listOrganizations(context)) {
    const eventOf = (removed: number) => ({
      ...auditEvent(context, "server", {
        action: "audit-events.expire",
        organizationId,
        resource: { type: "organization", id: organizationId, name },
      }),
      count: removed,
    });
    for (let removed = AUDIT_EVENTS_PER_REMOVAL_MAX; removed === AUDIT_EVENTS_PER_REMOVAL_MAX; ) {
      if (signal?.aborted === true) {
        return count;
      }
      removed = await context.metadata.audit.removeBefore(
        organizationId,
        moment,
        AUDIT_EVENTS_PER_REMOVAL_MAX,
        eventOf,
      );
      count += removed;
    }
  }
  return count;
}
