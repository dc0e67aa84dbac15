import type { AuditAction, AuditEvent } from "../domain/audit.ts";
import type { Instant, OrganizationId, RegistryId } from "../domain/ids.ts";

/** Where a page of the log starts: behind the event at this place. */
export interface AuditPosition {
  readonly at: Instant;
  /** Tells events of the same millisecond apart. */
  readonly key: number;
}

/** Which events, in which order. */
export interface AuditFilter {
  /** From this moment on. */
  readonly since?: Instant | undefined;
  /** Before this moment. */
  readonly until?: Instant | undefined;
  readonly registryId?: RegistryId | undefined;
  readonly actorId?: string | undefined;
  readonly actorName?: string | undefined;
  readonly action?: AuditAction | undefined;
  readonly isOldestFirst: boolean;
}

export interface AuditPage extends AuditFilter {
  readonly after?: AuditPosition | undefined;
  readonly limit: number;
}

export interface StoredAuditEvent {
  readonly event: AuditEvent;
  readonly position: AuditPosition;
}

/**
 * What was done and what was refused: nothing changes an event, or removes one that is not as old as the operator lets them become, and the database refuses to. A change's event is
 * given to the method that makes the change, as its last argument, and is written with it in one transaction.
 */
export interface AuditLog {
  /** Adds events that go with no change. Those of no organization stand in the log of the first one, whose people run the server. */
  append(events: readonly AuditEvent[]): Promise<void>;

  /** Up to `limit` events of an organization, by the time at which they happened. */
  list(organizationId: OrganizationId, page: AuditPage): Promise<readonly StoredAuditEvent[]>;

  /**
   * Removes up to `limit` events of an organization that happened before a moment, the oldest first, and returns how many. In the same step, where there
   * were any, `eventOf` is written, which tells of it.
   */
  removeBefore(
    organizationId: OrganizationId,
    moment: Instant,
    limit: number,
    eventOf: (count: number) => AuditEvent,
  ): Promise<number>;
}
