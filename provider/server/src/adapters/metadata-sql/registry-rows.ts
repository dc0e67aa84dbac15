import { z } from "zod";
import {
  REGISTRY_STATES,
  type Registry,
  type Signature,
  VISIBILITIES,
} from "../../domain/registry.ts";
import { WEEKDAYS } from "../../domain/schedule.ts";
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
] as const;

type RegistryRow = Omit<RegistriesTable, "key" | "organization_key" | "wrapped_key"> & {
  readonly organization_id: string;
};

const SCHEDULE = z.object({ days: z.array(z.enum(WEEKDAYS)), time: z.string() });

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
  };
}

/** The columns that a change touches; what it leaves out is not among them. */
export function toChangedColumns(changes: RegistryChanges, by: Signature, revision: number) {
  const { visibility, state, schedule, isScanned, allowList, isProtected } = changes;
  return {
    ...(visibility !== undefined && { visibility }),
    ...(state !== undefined && { state }),
    ...(schedule !== undefined && { schedule: toJson(schedule) }),
    ...(isScanned !== undefined && { is_scanned: toFlag(isScanned) }),
    ...(allowList !== undefined && { allow_list: JSON.stringify(allowList) }),
    ...(isProtected !== undefined && { is_protected: toFlag(isProtected) }),
    modified_at: by.at,
    modified_by_id: by.byId,
    modified_by_name: by.byName,
    revision,
  } satisfies Partial<RegistriesTable & SignedTable>;
}

function toJson(value: object | null | undefined): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
