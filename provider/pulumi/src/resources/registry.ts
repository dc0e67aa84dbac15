import type { Client } from "@moorage/core/client/client";
import { allowList } from "@moorage/core/contract/allow-list";
import { locationId } from "@moorage/core/contract/location";
import {
  type Registry,
  type RegistryPatchJson,
  registryName,
  VISIBILITIES,
} from "@moorage/core/contract/registry";
import { z } from "zod";
import { autoName } from "./auto-name.ts";
import { changedKeys, inputFailures, inputsObject, resourceName } from "./inputs.ts";
import {
  type CheckFailure,
  type CheckRequest,
  type Context,
  type PropertyBag,
  type Resource,
  ResourceError,
} from "./resource.ts";

const READY_MILLISECONDS_MAX = 60_000;
const READY_POLL_MILLISECONDS = 250;

const truth = (field: string): z.ZodBoolean => z.boolean(`${field} must be true or false`);

const inputs = inputsObject({
  resourceName,
  name: registryName.optional(),
  location: locationId,
  visibility: z.enum(VISIBILITIES, "visibility must be private or public").default("private"),
  vulnerabilityScanning: truth("vulnerabilityScanning").default(true),
  apiSubnetAllowList: allowList.default([]),
  deletionProtection: truth("deletionProtection").default(false),
  forceDestroy: truth("forceDestroy").default(false),
});
type Inputs = z.output<typeof inputs>;

const REPLACING = ["name", "location"];
const UPDATED = [
  "visibility",
  "vulnerabilityScanning",
  "apiSubnetAllowList",
  "deletionProtection",
  "forceDestroy",
];

/** A registry: its settings, not its schedule, which is a resource of its own. */
export const registry: Resource = {
  type: "Registry",
  secrets: [],

  describe: (properties) => `registry "${String(properties["resourceName"])}"`,

  check(request) {
    const { olds, news } = request;
    // Scanning is on unless the first run said otherwise, and stays as it is when no longer mentioned.
    const scanning = news["vulnerabilityScanning"] ?? olds["vulnerabilityScanning"] ?? true;
    const failures = [...inputFailures(inputs, request), ...scanningFailures(request, scanning)];
    return { inputs: { ...news, vulnerabilityScanning: scanning }, failures };
  },

  async diff(_context, { state, news, unknown }) {
    const wanted = { ...defaults, ...news, name: news["name"] ?? state["name"] };
    const replaces = changedKeys(REPLACING, state, wanted, unknown);
    return { changes: [...replaces, ...changedKeys(UPDATED, state, wanted, unknown)], replaces };
  },

  async create(context, bag) {
    const wanted = inputs.parse(bag);
    const created = await context.client.registries.create({
      name: wanted.name ?? autoName(wanted.resourceName, context.suffix()),
      location: wanted.location,
      features: { vulnerabilityScanning: { enabled: wanted.vulnerabilityScanning } },
      apiSubnetAllowList: wanted.apiSubnetAllowList,
      visibility: wanted.visibility,
      deletionProtection: wanted.deletionProtection,
    });
    const ready = await untilReady(context, created);
    return { id: created.id, state: stateOf(wanted, ready) };
  },

  async read({ client }, id, state) {
    const found = await client.registries.get(id);
    return found === undefined ? undefined : { id, state: stateOf(state, found) };
  },

  async update({ client }, id, state, bag) {
    const wanted = inputs.parse(bag);
    const patched = await client.registries.patch(id, changesOf(state, wanted));
    return stateOf(wanted, patched);
  },

  async delete({ client }, id, state) {
    if (state["forceDestroy"] !== true) await refuseUnlessEmpty(client, id);
    await client.registries.delete(id);
  },
};

const defaults: PropertyBag = {
  visibility: "private",
  apiSubnetAllowList: [],
  deletionProtection: false,
  forceDestroy: false,
};

function scanningFailures({ olds, news }: CheckRequest, wanted: unknown): CheckFailure[] {
  const isNew = olds["location"] === undefined;
  // Another name or location makes another registry, which may start without scanning.
  const isReplaced = ["name", "location"].some((key) => olds[key] !== news[key]);
  if (isNew || isReplaced || olds["vulnerabilityScanning"] === false || wanted !== false) return [];
  const reason =
    "vulnerabilityScanning cannot be switched off once it is on: leave it true, or create another registry";
  return [{ property: "vulnerabilityScanning", reason }];
}

/** Only what differs is sent, so that what other resources or people set stays. */
function changesOf(state: PropertyBag, wanted: Inputs): RegistryPatchJson {
  const changed = new Set(changedKeys(UPDATED, state, wanted, new Set()));
  const scanning = { vulnerabilityScanning: { enabled: wanted.vulnerabilityScanning } };
  return {
    ...(changed.has("visibility") && { visibility: wanted.visibility }),
    ...(changed.has("vulnerabilityScanning") && { features: scanning }),
    ...(changed.has("apiSubnetAllowList") && { apiSubnetAllowList: wanted.apiSubnetAllowList }),
    ...(changed.has("deletionProtection") && { deletionProtection: wanted.deletionProtection }),
  };
}

/** What is asked for, overlaid with what the server says. */
function stateOf(known: PropertyBag, { id, metadata, properties }: Registry): PropertyBag {
  return {
    ...known,
    name: properties.name,
    location: properties.location,
    visibility: properties.visibility ?? "private",
    vulnerabilityScanning: properties.features?.vulnerabilityScanning.enabled ?? false,
    apiSubnetAllowList: properties.apiSubnetAllowList ?? [],
    deletionProtection: properties.deletionProtection ?? false,
    registryId: id,
    hostname: properties.hostname ?? "",
    endpoint: properties.endpoint ?? properties.hostname ?? "",
    state: metadata.state,
  };
}

/** A registry is `New` until its key and address exist; what depends on it needs both. */
async function untilReady({ client, clock }: Context, created: Registry): Promise<Registry> {
  const deadline = clock.now().getTime() + READY_MILLISECONDS_MAX;
  let current = created;
  while (current.metadata.state === "New" && clock.now().getTime() < deadline) {
    await clock.wait(READY_POLL_MILLISECONDS);
    current = (await client.registries.get(created.id)) ?? current;
  }
  return current;
}

async function refuseUnlessEmpty(client: Client, id: string): Promise<void> {
  const found = await client.registries.get(id);
  if (found === undefined || !(await holdsArtifacts(client, id))) return;
  throw new ResourceError(
    `it holds artifacts and is not deleted: set forceDestroy to true, run \`pulumi up\`, and delete it then; or empty ${found.properties.name} first`,
  );
}

async function holdsArtifacts(client: Client, registryId: string): Promise<boolean> {
  for await (const _ of client.repositories.list(registryId, { pageSize: 1 })) return true;
  return false;
}
