import type { UserPrincipal } from "../domain/access.ts";
import type { AuditEvent } from "../domain/audit.ts";
import { AUDIT_EXPORT_ENTRIES_PER_QUERY_MAX } from "../domain/limits.ts";
import type { AuditFilter, AuditPosition, StoredAuditEvent } from "../ports/audit-log.ts";
import { expectPermission } from "./authorize.ts";
import type { Context } from "./context.ts";
import { type KeysetPageOf, keysetPageOf, readPageToken } from "./page-token.ts";

/** Which events a request asks for, as the port wants it. */
export type AuditQuery = AuditFilter;

/**
 * One page of the organization's audit log. It outlives what it tells of: events of registries that are gone stand in it, and can be asked for.
 * @throws RegistryError `access-denied`, `page-invalid`
 */
export async function listAuditEvents(
  context: Pick<Context, "metadata" | "hasher">,
  principal: UserPrincipal,
  query: AuditQuery & { readonly limit: number; readonly pageToken: string },
): Promise<KeysetPageOf<StoredAuditEvent>> {
  expectReader(principal);
  const { limit, pageToken, ...filter } = query;
  const list = `audit-events ${principal.organizationId} ${JSON.stringify(Object.entries(filter).sort())}`;
  const after = positionIn(readPageToken(context, list, pageToken));
  const { audit } = context.metadata;
  const page = { ...filter, after, limit: limit + 1 };
  const found = await audit.list(principal.organizationId, page);
  return keysetPageOf(context, list, found, limit, ({ position }) => nameOf(position));
}

/**
 * All events that a request asks for, read part by part as they are taken. It ends with what had happened when it began, so that it ends.
 * @throws RegistryError `access-denied`, at once
 */
export function exportAuditEvents(
  context: Pick<Context, "metadata" | "clock">,
  principal: UserPrincipal,
  query: AuditQuery,
): AsyncGenerator<readonly AuditEvent[]> {
  expectReader(principal);
  const now = context.clock.now() + 1;
  const filter = { ...query, until: Math.min(query.until ?? now, now) };
  return readAll(context, principal, filter);
}

async function* readAll(
  { metadata }: Pick<Context, "metadata">,
  { organizationId }: UserPrincipal,
  filter: AuditQuery,
): AsyncGenerator<readonly AuditEvent[]> {
  const limit = AUDIT_EXPORT_ENTRIES_PER_QUERY_MAX;
  let after: AuditPosition | undefined;
  for (;;) {
    const found = await metadata.audit.list(organizationId, { ...filter, after, limit });
    if (found.length > 0) {
      yield found.map(({ event }) => event);
    }
    after = found.at(-1)?.position;
    if (found.length < limit) {
      return;
    }
  }
}

function expectReader(principal: UserPrincipal): void {
  expectPermission(principal, "manage-people", "the audit log");
}

function nameOf({ at, key }: AuditPosition): string {
  return `${at}-${key}`;
}

/** Only what `nameOf` wrote passes the check of a page token. */
function positionIn(name: string | undefined): AuditPosition | undefined {
  const [at, key] = name?.split("-").map(Number) ?? [];
  return at === undefined || key === undefined ? undefined : { at, key };
}
