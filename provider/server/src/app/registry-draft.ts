import type { CollectionRun } from "../domain/collection-run.ts";
import { RegistryError } from "../domain/errors.ts";
import type { Instant } from "../domain/ids.ts";
import type { Registry, RegistryState } from "../domain/registry.ts";
import type { RegistryUsage } from "../ports/registry-store.ts";
import type { ApplicationSettings } from "./context.ts";

/** A registry as somebody wants it to be. */
export type RegistryDraft = Pick<
  Registry,
  "name" | "location" | "visibility" | "schedule" | "isScanned" | "allowList" | "isProtected"
>;

/** A registry as it is, with what it holds. */
export interface RegistryReport {
  readonly registry: Registry;
  readonly usage: RegistryUsage;
  readonly state: RegistryState;
  /** The latest collection of its garbage, and when its schedule starts the next one. */
  readonly collection: CollectionReport;
}

export interface CollectionReport {
  readonly last: CollectionRun | undefined;
  readonly nextAt: Instant | undefined;
}

/** Revisions that a caller expects a registry to have; `any`: whatever it has, as long as it exists. Absent: no condition. */
export type ExpectedRevisions = readonly number[] | "any";

/**
 * What the store is to compare: the revision that was found, if the caller set a condition and it holds.
 * @throws RegistryError `registry-changed`
 */
export function revisionToMatch(
  registry: Registry,
  expected: ExpectedRevisions | undefined,
): number | undefined {
  if (expected === undefined || expected === "any") {
    return undefined;
  }
  if (!expected.includes(registry.revision)) {
    throw new RegistryError("registry-changed", { registry: registry.name });
  }
  return registry.revision;
}

/** @throws RegistryError `location-unknown` */
export function expectLocation(
  settings: Pick<ApplicationSettings, "locations">,
  location: string,
): void {
  if (!settings.locations.includes(location)) {
    throw new RegistryError("location-unknown", { location, locations: settings.locations });
  }
}

/**
 * Scanning is switched on for good. What is returned is the change to make, if any: never `false`, so that a request that leaves it off
 * cannot undo one that switches it on at the same time.
 * @throws RegistryError `scanning-cannot-be-disabled`
 */
export function scanningChange(
  registry: Registry,
  wanted: boolean | undefined,
): { readonly isScanned?: true } {
  if (wanted === undefined || wanted === registry.isScanned) {
    return {};
  }
  if (!wanted) {
    throw new RegistryError("scanning-cannot-be-disabled", { registry: registry.name });
  }
  return { isScanned: true };
}

/** What the fields of a registry that can be changed are called in the audit log: as in the management API. */
export const REGISTRY_FIELDS = {
  visibility: "visibility",
  schedule: "garbageCollectionSchedule",
  isScanned: "features",
  allowList: "apiSubnetAllowList",
  isProtected: "deletionProtection",
} as const satisfies Partial<Record<keyof Registry, string>>;
