import type { AuditEventId, Instant, OrganizationId, RegistryId } from "./ids.ts";
import { AUDIT_TEXT_LENGTH_MAX } from "./limits.ts";

/** What can be done that the audit log tells of. The names are part of the API: one is added, none is changed. */
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
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** `succeeded`: it was done. `refused`: somebody tried, and was not let. */
export const AUDIT_OUTCOMES = ["succeeded", "refused"] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/**
 * `workload`: a pipeline that an identity provider vouches for. `unknown`: credentials that are nobody's. `server`: nobody asked, a job did it. `operator`: a command on the server's
 * machine.
 */
export const ACTOR_KINDS = [
  "user",
  "token",
  "workload",
  "anonymous",
  "unknown",
  "server",
  "operator",
] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** Who it was, as they were called then. */
export interface AuditActor {
  readonly kind: ActorKind;
  readonly id: string | undefined;
  readonly name: string;
}

export const RESOURCE_TYPES = [
  "organization",
  "user",
  "registry",
  "token",
  "scope",
  "garbage-collection",
  "repository",
  "manifest",
  "tag",
  "blob",
  "backup",
  "master-key",
  "request",
] as const;
export type ResourceType = (typeof RESOURCE_TYPES)[number];

/** What it was done to. Of content the name is `<repository>`, `<repository>:<tag>` or `<repository>@<digest>`. */
export interface AuditResource {
  readonly type: ResourceType;
  readonly id?: string | undefined;
  readonly name: string;
}

/** The registry that it concerns, by the name that it had then. */
export interface AuditRegistry {
  readonly id: RegistryId;
  /** Left out where only the id is at hand. */
  readonly name?: string | undefined;
}

/** Where a request came from. */
export interface RequestOrigin {
  readonly address: string;
  readonly requestId: string;
  readonly userAgent: string | undefined;
}

/** Somebody who runs a command on the server's machine: who that machine says it is. `origin` says by which command. */
export interface Operator {
  readonly kind: "operator";
  readonly name: string;
  readonly origin: RequestOrigin;
}

/** One line of the audit log: who did what to what, when, from where, and how it went. Never a secret, never content. */
export interface AuditEvent {
  readonly id: AuditEventId;
  /** Whose log it stands in. Absent where it concerns nobody's credentials; see `AuditLog`. */
  readonly organizationId: OrganizationId | undefined;
  readonly at: Instant;
  readonly actor: AuditActor;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  /** Of a refusal: why. */
  readonly reason: string | undefined;
  readonly registry: AuditRegistry | undefined;
  readonly resource: AuditResource | undefined;
  /** Names of the fields that a change has changed, as the management API calls them. */
  readonly changes: readonly string[];
  /** Absent where no request was the cause. */
  readonly origin: RequestOrigin | undefined;
  /** How many alike this event stands for, the first of them at `at`. */
  readonly count: number;
}

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;

/**
 * Outside text as it may stand in a log: no control characters, line ends or terminal sequences, no invisible or reordering characters, and
 * no more of it than anybody would read.
 */
export function cleanText(text: string): string {
  const beginning = text.slice(0, AUDIT_TEXT_LENGTH_MAX + 1);
  const clean = beginning.toWellFormed().replace(UNPRINTABLE, "\uFFFD");
  return clean.length > AUDIT_TEXT_LENGTH_MAX
    ? `${clean.slice(0, AUDIT_TEXT_LENGTH_MAX).toWellFormed()}…`
    : clean;
}

/** The event with all that came from outside cleaned. */
export function cleanEvent(event: AuditEvent): AuditEvent {
  const { actor, resource, origin } = event;
  return {
    ...event,
    actor: { ...actor, name: cleanText(actor.name) },
    resource: resource && { ...resource, name: cleanText(resource.name) },
    origin: origin && {
      address: cleanText(origin.address),
      requestId: cleanText(origin.requestId),
      userAgent: origin.userAgent === undefined ? undefined : cleanText(origin.userAgent),
    },
  };
}
