import {
  type AuditActionName,
  type AuditEvent,
  type AuditEventsResponse,
  auditEventsResponse,
} from "../contract/audit-event.ts";
import type { CallOptions, Transport } from "./transport.ts";

/** Which events of the audit log to list, and how. */
export interface AuditEventListOptions extends CallOptions {
  /** From this moment on (RFC 3339). */
  readonly since?: string | undefined;
  /** Before this moment (RFC 3339). */
  readonly until?: string | undefined;
  readonly registryId?: string | undefined;
  /** Who: an id, or exactly a name. */
  readonly actor?: string | undefined;
  readonly action?: AuditActionName | undefined;
  /** `-at`, the latest first, where it is left out. */
  readonly orderBy?: "at" | "-at" | undefined;
  /** Events per request. */
  readonly pageSize?: number | undefined;
}

/** Calls about the audit log (extensions); for owners and admins. */
export class AuditEventCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The organization's events, fetched page by page. */
  async *list(options: AuditEventListOptions = {}): AsyncGenerator<AuditEvent, void, void> {
    const { signal, pageSize, ...filter } = options;
    let token = "";
    do {
      const page: AuditEventsResponse = await this.#transport.ask(
        {
          method: "GET",
          path: "/audit-events",
          query: { ...filter, limit: pageSize, "pagination.token": token },
          repeatability: "repeatable",
          signal,
        },
        auditEventsResponse,
      );
      yield* page.items;
      token = page.pagination.token;
    } while (token !== "");
  }
}
