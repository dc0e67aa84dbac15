import type { ColumnTypes } from "../sql-database.ts";
import type { Migration } from "./migration.ts";

/**
 * What was done and what was refused. Organizations, registries and people are named by text and not referred to: their rows go, and
 * an event stays. An index for each way to ask, in the order of time.
 */
export const AUDIT: Migration = {
  number: 7,
  name: "audit",
  statements: ({ key, integer, text, heap, appendOnly }: ColumnTypes) => [
    `create table audit_events (
      key ${key},
      id ${text} not null unique,
      organization_id ${text} not null,
      at ${integer} not null,
      actor_kind ${text} not null,
      actor_id ${text},
      actor_name ${text} not null,
      action ${text} not null,
      outcome ${text} not null,
      reason ${text},
      registry_id ${text},
      registry_name ${text},
      resource_type ${text},
      resource_id ${text},
      resource_name ${text},
      changes ${text} not null,
      address ${text},
      request_id ${text},
      user_agent ${text},
      count ${integer} not null check (count > 0)
    ) ${heap}`,
    "create index audit_events_in_time on audit_events (organization_id, at, key)",
    "create index audit_events_by_action on audit_events (organization_id, action, at, key)",
    "create index audit_events_by_actor on audit_events (organization_id, actor_name, at, key)",
    `create index audit_events_by_actor_id on audit_events (organization_id, actor_id, at, key)
      where actor_id is not null`,
    `create index audit_events_of_registry on audit_events (organization_id, registry_id, at, key)
      where registry_id is not null`,
    ...appendOnly("audit_events"),
  ],
};
