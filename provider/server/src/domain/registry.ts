import type { Instant, OrganizationId, RegistryId } from "./ids.ts";
import type { GarbageCollectionSchedule } from "./schedule.ts";

/** A registry: a name space of repositories with its own data key, tokens and rules. */
export interface Registry {
  readonly id: RegistryId;
  readonly organizationId: OrganizationId;
  /** Unique over all organizations, for as long as the registry exists. */
  readonly name: string;
  readonly location: string;
  readonly visibility: Visibility;
  readonly state: RegistryState;
  /** Absent: garbage is not collected. */
  readonly schedule: GarbageCollectionSchedule | undefined;
  readonly isScanned: boolean;
  /** Addresses and CIDR ranges, in the order and spelling in which they were sent. Empty: everyone. */
  readonly allowList: readonly string[];
  readonly isProtected: boolean;
  readonly created: Signature;
  readonly modified: Signature | undefined;
  /** Where it alone is served, if registries have ports: unique, for as long as the registry exists. */
  readonly port?: number | undefined;
  /** Counts changes; the ETag. */
  readonly revision: number;
  /** While garbage is being marked, pushes and deletes wait. Should the collector die, they do so until this moment at most. */
  readonly readOnlyUntil?: Instant | undefined;
}

/** What a registry's state is at a moment. */
export function stateAt(registry: Registry, now: Instant): RegistryState {
  const { state, readOnlyUntil } = registry;
  return readOnlyUntil !== undefined && now < readOnlyUntil ? "GarbageCollection" : state;
}

export const VISIBILITIES = ["private", "public"] as const;
export type Visibility = (typeof VISIBILITIES)[number];

export const REGISTRY_STATES = ["New", "Running", "GarbageCollection", "Deleting"] as const;
export type RegistryState = (typeof REGISTRY_STATES)[number];

/** Who did something, and when. */
export interface Signature {
  readonly at: Instant;
  readonly byId: string;
  readonly byName: string;
}

/** Signs what is done at the server itself, by its commands and its first start, and not in anybody's name. */
export function operatorSignature(at: Instant): Signature {
  return { at, byId: "operator", byName: "operator" };
}
