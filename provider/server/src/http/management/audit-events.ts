import { Readable } from "node:stream";
import {
  type AuditEvent as AuditEventJson,
  type AuditEventsResponse,
  auditEventsQuery,
} from "@moorage/core/contract/audit-event";
import {
  type AuditQuery,
  exportAuditEvents,
  listAuditEvents,
} from "../../app/list-audit-events.ts";
import type { AuditEvent } from "../../domain/audit.ts";
import { parseUuid, type RegistryId, type UserId } from "../../domain/ids.ts";
import { printableLine } from "../../domain/printable-line.ts";
import { parseRequest } from "./parse-request.ts";
import type { RouteParts } from "./route-parts.ts";
import { timeView } from "./signature-view.ts";

const JSON_LINES = "application/x-ndjson";

/** The audit log (extensions, "Added paths"): pages, or all of it as lines of JSON. */
export function auditRoutes({ instance, context, callerOf }: RouteParts): void {
  instance.get("/audit-events", async (request, reply) => {
    const query = parseRequest(auditEventsQuery, request.query);
    const { limit, pageToken, format } = query;
    const asked = queryOf(query);
    if (format === "jsonl" || (request.headers.accept ?? "").includes(JSON_LINES)) {
      const parts = exportAuditEvents(context, callerOf(request), asked);
      return reply.type(JSON_LINES).send(Readable.from(linesOf(parts)));
    }
    const page = await listAuditEvents(context, callerOf(request), { ...asked, limit, pageToken });
    return {
      id: "audit-events",
      type: "collection",
      href: request.hrefs.auditEvents(),
      items: page.entries.map(({ event }) => auditEventView(event)),
      pagination: { limit, token: page.nextPageToken },
    } satisfies AuditEventsResponse;
  });
}

/** An actor is asked for by id or by name; no name has the form of an id, but a token's that wants to confuse. */
function queryOf(query: ReturnType<typeof auditEventsQuery.parse>): AuditQuery {
  const { since, until, registryId, actor, action, orderBy } = query;
  const actorId = parseUuid<UserId>(actor);
  return {
    since: since === undefined ? undefined : Date.parse(since),
    until: until === undefined ? undefined : Date.parse(until),
    registryId: registryId === undefined ? undefined : parseUuid<RegistryId>(registryId),
    actorId,
    actorName: actor === "" || actorId !== undefined ? undefined : actor,
    action,
    isOldestFirst: orderBy === "at",
  };
}

async function* linesOf(parts: AsyncIterable<readonly AuditEvent[]>): AsyncGenerator<string> {
  for await (const part of parts) {
    yield part.map((event) => `${printableLine(JSON.stringify(auditEventView(event)))}\n`).join("");
  }
}

function auditEventView(event: AuditEvent): AuditEventJson {
  const { id, at, action, outcome, reason, actor, registry, resource, origin } = event;
  return {
    id,
    type: "audit-event",
    properties: {
      at: timeView(at),
      action,
      outcome,
      reason: reason ?? null,
      actor: { kind: actor.kind, id: actor.id ?? null, name: actor.name },
      registryId: registry?.id ?? null,
      registryName: registry?.name ?? null,
      resource:
        resource === undefined
          ? null
          : { type: resource.type, id: resource.id ?? null, name: resource.name },
      changes: [...event.changes],
      origin:
        origin === undefined
          ? null
          : {
              address: origin.address,
              requestId: origin.requestId,
              userAgent: origin.userAgent ?? null,
            },
      count: event.count,
    },
  };
}
