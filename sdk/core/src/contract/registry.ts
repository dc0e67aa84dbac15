import { z } from "zod";
import { allowList } from "./allow-list.ts";
import { identifier } from "./identifier.ts";
import { known } from "./known-words.ts";
import { locationId } from "./location.ts";
import { metadata } from "./metadata.ts";
import { requestObject, wrapped } from "./request-object.ts";
import { schedule, scheduleInput } from "./schedule.ts";
import { sentWhole } from "./sent-whole.ts";
import { timestamp } from "./timestamp.ts";

/** Who may pull without credentials (extensions): nobody, or anyone. */
export const VISIBILITIES = ["private", "public"] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** What a registry's name looks like (contract, section 2). */
export const REGISTRY_NAME_PATTERN = /^[a-z][-a-z0-9]{1,61}[a-z0-9]$/;
const NAME =
  "name must be 3 to 63 lower-case letters, digits and hyphens, start with a letter and not end with a hyphen";

/** A registry's name in a request. */
export const registryName = z.string(NAME).regex(REGISTRY_NAME_PATTERN, NAME);

const features = requestObject("features", {
  vulnerabilityScanning: requestObject("vulnerabilityScanning", {
    enabled: z.boolean("enabled must be true or false"),
    // The contract allows settings here but names none, so none has an effect.
    properties: z.looseObject({}, "properties must be an object").optional(),
  }).optional(),
}).transform((given) =>
  given.vulnerabilityScanning === undefined
    ? undefined
    : { vulnerabilityScanning: { enabled: given.vulnerabilityScanning.enabled } },
);

const mutable = {
  garbageCollectionSchedule: scheduleInput.nullable(),
  features,
  apiSubnetAllowList: allowList,
  visibility: z.enum(VISIBILITIES, "visibility must be private or public"),
  deletionProtection: z.boolean("deletionProtection must be true or false"),
};

const SCANNING_BY_DEFAULT = { vulnerabilityScanning: { enabled: true } };

const readOnly = {
  hostname: z.string("hostname is read-only text").optional(),
  endpoint: z.string("endpoint is read-only text").optional(),
  port: z.number("port is a read-only number").optional(),
  storageUsage: z.looseObject({}, "storageUsage is a read-only object").nullable().optional(),
  garbageCollection: z
    .looseObject({}, "garbageCollection is a read-only object")
    .nullable()
    .optional(),
};

/**
 * `properties` of POST and PUT (contract, section 2, "RegistryInput"; extensions). What is left out
 * takes the contract's default, on PUT too, since PUT replaces. The read-only properties of an answer
 * may be sent back; they are not used.
 */
export const registryInput = requestObject(
  "properties",
  {
    name: registryName,
    location: locationId,
    garbageCollectionSchedule: mutable.garbageCollectionSchedule.optional(),
    features: mutable.features.optional(),
    apiSubnetAllowList: mutable.apiSubnetAllowList.optional(),
    visibility: mutable.visibility.optional(),
    deletionProtection: mutable.deletionProtection.optional(),
    ...readOnly,
  },
  ["hostname", "endpoint", "port", "storageUsage", "garbageCollection"],
).transform((given) => ({
  name: given.name,
  location: given.location,
  garbageCollectionSchedule: given.garbageCollectionSchedule ?? null,
  features: given.features ?? SCANNING_BY_DEFAULT,
  apiSubnetAllowList: given.apiSubnetAllowList ?? [],
  visibility: given.visibility ?? "private",
  deletionProtection: given.deletionProtection ?? false,
}));
/** A registry as a request wants it, defaults filled in. */
export type RegistryInput = z.output<typeof registryInput>;
/** A registry as it is sent. */
export type RegistryInputJson = z.input<typeof registryInput>;

/** Body of POST /registries and PUT /registries/{id}. */
export const registryRequest = wrapped(registryInput);

/**
 * Body of PATCH /registries/{id} (contract, section 2, "RegistryPatch"): not wrapped; what is left out
 * stays as it is. Name and location cannot be changed and are refused as unknown.
 */
export const registryPatch = requestObject("the body", {
  garbageCollectionSchedule: mutable.garbageCollectionSchedule.optional(),
  features: mutable.features.optional(),
  apiSubnetAllowList: mutable.apiSubnetAllowList.optional(),
  visibility: mutable.visibility.optional(),
  deletionProtection: mutable.deletionProtection.optional(),
});
export type RegistryPatch = z.output<typeof registryPatch>;
/** A change of a registry as it is sent. */
export type RegistryPatchJson = z.input<typeof registryPatch>;

/** Last and next garbage collection of a registry (extensions, "Added fields"). */
export const garbageCollectionSummary = z.object({
  state: z.string().optional(),
  startedAt: timestamp.nullable().optional(),
  finishedAt: timestamp.nullable().optional(),
  blobsDeleted: z.int().optional(),
  bytesFreed: z.int().optional(),
  nextRunAt: timestamp.nullable().optional(),
});
export type GarbageCollectionSummary = z.output<typeof garbageCollectionSummary>;

/** `properties` of a registry in an answer (contract, section 2; extensions). */
export const registryProperties = sentWhole(
  z.object({
    name: z.string(),
    location: z.string(),
    hostname: z.string().optional(),
    /** What to put before a repository's name in an image reference (extensions). */
    endpoint: z.string().optional(),
    port: z.int().optional(),
    visibility: known(...VISIBILITIES).optional(),
    deletionProtection: z.boolean().optional(),
    garbageCollectionSchedule: schedule.nullable().optional(),
    garbageCollection: garbageCollectionSummary.nullable().optional(),
    storageUsage: z
      .object({ bytes: z.int(), updatedAt: timestamp.nullable().optional() })
      .nullable()
      .optional(),
    // The Terraform provider crashes on `features` without `vulnerabilityScanning`.
    features: z.object({ vulnerabilityScanning: z.object({ enabled: z.boolean() }) }).optional(),
    apiSubnetAllowList: z.array(z.string()).nullable().optional(),
  }),
  ["port"],
);
export type RegistryProperties = z.output<typeof registryProperties>;

/** A registry in an answer (contract, section 2). */
export const registry = sentWhole(
  z.object({
    id: identifier,
    type: known("registry").optional(),
    href: z.string().optional(),
    metadata,
    properties: registryProperties,
  }),
);
export type Registry = z.output<typeof registry>;

/** Answer of GET /registries (contract, section 2, "RegistriesResponse"). */
export const registriesResponse = sentWhole(
  z.object({
    id: known("registries"),
    type: known("collection"),
    href: z.string().optional(),
    items: z.array(registry).nullable(),
    pagination: z.object({ limit: z.int(), token: z.string() }),
    _links: z.object({ next: z.string(), previous: z.string(), self: z.string() }),
  }),
);
export type RegistriesResponse = z.output<typeof registriesResponse>;
