import type { RegistryInput, RegistryPatch } from "@moorage/core/contract/registry";
import type { ScheduleInput } from "@moorage/core/contract/schedule";
import type { RequestedChanges } from "../../app/change-registry.ts";
import type { RegistryDraft } from "../../app/registry-draft.ts";
import type { GarbageCollectionSchedule } from "../../domain/schedule.ts";

/** `properties` of POST and PUT in the registry's own words. */
export function registryDraftOf(input: RegistryInput): RegistryDraft {
  return {
    name: input.name,
    location: input.location,
    visibility: input.visibility,
    schedule: scheduleOf(input.garbageCollectionSchedule),
    isScanned: input.features.vulnerabilityScanning.enabled,
    allowList: input.apiSubnetAllowList,
    isProtected: input.deletionProtection,
  };
}

/** The body of PATCH in the registry's own words; what it leaves out stays out. */
export function registryChangesOf(patch: RegistryPatch): RequestedChanges {
  const { garbageCollectionSchedule, features, apiSubnetAllowList } = patch;
  const { visibility, deletionProtection } = patch;
  return {
    ...(garbageCollectionSchedule !== undefined && {
      schedule: scheduleOf(garbageCollectionSchedule) ?? null,
    }),
    ...(features !== undefined && { isScanned: features.vulnerabilityScanning.enabled }),
    ...(apiSubnetAllowList !== undefined && { allowList: apiSubnetAllowList }),
    ...(visibility !== undefined && { visibility }),
    ...(deletionProtection !== undefined && { isProtected: deletionProtection }),
  };
}

/** A schedule without days, which ionosctl sends when none are given, is none (extensions, "schedule"). */
function scheduleOf(input: ScheduleInput | null): GarbageCollectionSchedule | undefined {
  const { days, time, deleteUntagged } = input ?? { days: null, time: "" };
  return days === null || days.length === 0
    ? undefined
    : { days, time, ...(deleteUntagged !== undefined && { deleteUntagged }) };
}
