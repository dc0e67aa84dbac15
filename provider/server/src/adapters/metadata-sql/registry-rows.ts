import { z } from "zod";
import type { Instant } from "../../domain/ids.ts";
import {
  REGISTRY_STATES,
  type Registry,
  type Signature,
  VISIBILITIES,
} from "../../domain/registry.ts";
import { nextSlot, WEEKDAYS } from "../../domain/schedule.ts";
import type { WrappedKey } from "../../ports/key-ring.ts";
import type { RegistryChanges } from "../../ports/registry-store.ts";
import { fromSignature, toSignature } from "./signature-columns.ts";
import { stored, TEXTS, toFlag } from "./stored-values.ts";
import type { RegistriesTable, SignedTable } from "./tables.ts";

/** What a `Registry` is made of. */
export const REGISTRY_COLUMNS = [
  "registries.id",
  "organizations.id as organization_id",
  "registries.name",
  "registries.location",
  "registries.visibility",
  "registries.state",
  "registries.schedule",
  "registries.is_scanned",
  "registries.allow_list",
  "registries.is_protected",
  "registries.created_at",
  "registries.created_by_id",
  "registries.created_by_name",
  "registries.modified_at",
  "registries.modified_by_id",
  "registries.modified_by_name",
  "registries.revision",
  "registries.read_only_until",
  "registries.port",
] as const;

type RegistryRow = Omit<
  RegistriesTable,
  "key" | "organization_key" | "wrapped_key" | "next_collection_at"
> & {
  readonly organization_id: string;
};

export const SCHEDULE = z.object({
  days: z.array(z.enum(WEEKDAYS)),
  time: z.string(),
  deleteUntagged: z.boolean().optional(),
});

export function toRegistry(row: RegistryRow): Registry {
  return {
    id: stored.registryId(row.id),
    organizationId: stored.organizationId(row.organization_id),
    name: row.name,
    location: row.location,
    visibility: stored.oneOf(VISIBILITIES, row.visibility),
    state: stored.oneOf(REGISTRY_STATES, row.state),
    schedule: row.schedule === null ? undefined : stored.json(SCHEDULE, row.schedule),
    isScanned: row.is_scanned === 1,
    allowList: row.allow_list === "[]" ? [] : stored.json(TEXTS, row.allow_list),
    isProtected: row.is_protected === 1,
    ...toSignature(row),
    revision: row.revision,
    ...(row.read_only_until !== null && { readOnlyUntil: row.read_only_until }),
    ...(row.port !== null && { port: row.port }),
  };
}

export function toRegistryRow(
  registry: Registry,
  key: WrappedKey,
): Omit<RegistriesTable, "key" | "organization_key"> {
  return {
    id: registry.id,
    name: registry.name,
    location: registry.location,
    visibility: registry.visibility,
    state: registry.state,
    schedule: toJson(registry.schedule),
    is_scanned: toFlag(registry.isScanned),
    allow_list: JSON.stringify(registry.allowList),
    is_protected: toFlag(registry.isProtected),
    ...fromSignature(registry.created, registry.modified),
    revision: registry.revision,
    wrapped_key: key,
    read_only_until: null,
    port: registry.port ?? null,
    next_collection_at: nextCollection(registry.schedule, registry.created.at),
  };
}

/** The columns that a change of `found` touches; what it leaves out is not among them. */
export function toChangedColumns(found: Registry, changes: RegistryChanges, by: Signature) {
  const { visibility, state, schedule, isScanned, allowList, isProtected } = changes;
  return {
    ...(visibility !== undefined && { visibility }),
    ...(state !== undefined && { state }),
    // A schedule that is sent as it is keeps its slot, which may be due at this moment.
    ...(schedule !== undefined &&
      toJson(schedule) !== toJson(found.schedule) && {
        schedule: toJson(schedule),
        next_collection_at: nextCollection(schedule, by.at),
      }),
    ...(isScanned !== undefined && { is_scanned: toFlag(isScanned) }),
    ...(allowList !== undefined && { allow_list: JSON.stringify(allowList) }),
    ...(isProtected !== undefined && { is_protected: toFlag(isProtected) }),
    modified_at: by.at,
    modified_by_id: by.byId,
    modified_by_name: by.byName,
    revision: found.revision + 1,
  } satisfies Partial<RegistriesTable & SignedTable>;
}

function nextCollection(schedule: Registry["schedule"] | null, now: Instant): number | null {
  return schedule === undefined || schedule === null ? null : nextSlot(schedule, now);
}

function toJson(value: object | null | undefined): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
