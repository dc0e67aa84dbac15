import { type AuditEvent, auditEventsResponse } from "@moorage/core/contract/audit-event";
import { manage } from "./management.ts";
import { answeredExactly } from "./management-answer.ts";

export type AuditProperties = AuditEvent["properties"];

/** What the audit log says to the owner, the latest first. */
export async function auditEvents(
  url: string,
  query: Readonly<Record<string, string>> = {},
): Promise<AuditProperties[]> {
  const answer = await manage(url, "GET", `/audit-events?${new URLSearchParams(query)}`);
  const { items } = await answeredExactly(answer, 200, auditEventsResponse);
  return items.map(({ properties }) => properties);
}
