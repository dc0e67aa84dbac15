import { isDeepStrictEqual } from "node:util";
import type { Principal } from "../domain/access.ts";
import type {
  AuditAction,
  AuditActor,
  AuditEvent,
  AuditRegistry,
  AuditResource,
  Operator,
} from "../domain/audit.ts";
import type { AuditEventId, OrganizationId } from "../domain/ids.ts";
import type { Context } from "./context.ts";

/** What a use case tells of a change, besides who asked for it. */
export interface AuditedChange {
  readonly action: AuditAction;
  /** The principal's, where it is left out. */
  readonly organizationId?: OrganizationId | undefined;
  readonly registry?: AuditRegistry | undefined;
  readonly resource?: AuditResource | undefined;
  readonly changes?: readonly string[] | undefined;
}

/** The event of a change, to be written in the change's own transaction. `by`: `server` where nobody asked. */
export function auditEvent(
  { ids, clock }: Pick<Context, "ids" | "clock">,
  by: Principal | Operator | "server",
  { action, organizationId, registry, resource, changes = [] }: AuditedChange,
): AuditEvent {
  const asker = by === "server" ? undefined : by;
  return {
    id: ids.uuid<AuditEventId>(),
    organizationId: organizationId ?? organizationOf(asker),
    at: clock.now(),
    actor: asker === undefined ? { kind: "server", id: undefined, name: "server" } : actorOf(asker),
    action,
    outcome: "succeeded",
    reason: undefined,
    registry: registry && { id: registry.id, name: registry.name },
    resource,
    changes,
    origin: asker?.origin,
    count: 1,
  };
}

function organizationOf(asker: Principal | Operator | undefined): OrganizationId | undefined {
  return asker === undefined || asker.kind === "anonymous" || asker.kind === "operator"
    ? undefined
    : asker.organizationId;
}

export function actorOf(principal: Principal | Operator): AuditActor {
  switch (principal.kind) {
    case "operator":
      return { kind: "operator", id: undefined, name: principal.name };
    case "anonymous":
      return { kind: "anonymous", id: undefined, name: "anonymous" };
    case "user":
      return { kind: "user", id: principal.userId, name: principal.email };
    case "token":
      return { kind: "token", id: principal.tokenId, name: principal.name };
    case "workload":
      return { kind: "workload", id: principal.identity.id, name: principal.identity.name };
    default:
      return principal satisfies never;
  }
}

/** Of the fields that a change names, those that it really changes, by their names in the management API. */
export function changedFields<Thing extends object>(
  names: { readonly [Field in keyof Thing]?: string },
  before: Thing,
  change: { readonly [Field in keyof Thing]?: unknown },
): string[] {
  return (Object.keys(names) as (keyof Thing)[])
    .filter((field) => change[field] !== undefined)
    .filter((field) => !isDeepStrictEqual(change[field] ?? undefined, before[field] ?? undefined))
    .map((field) => String(names[field]));
}
