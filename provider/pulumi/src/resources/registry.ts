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
  UnfinishedError,
} from "./resource.ts";

const READY_MILLISECONDS_MAX = 60_000;
const READY_POLL_MILLISECONDS = 250;

const truth = (field: string): z.ZodBoolean => z.boolean(`${field} must be true or false`);

export const registryInputs = inputsObject({
  resourceName,
  name: registryName
    .optional()
    .describe(
      "The registry's name: 3 to 63 lower-case letters, digits and hyphens, unique over all organizations. Left out, it is the resource's name and a random suffix. Another name makes another registry.",
    ),
  location: locationId.describe(
    "The id of the location to store content in, such as `de/fra`. Another location makes another registry.",
  ),
  visibility: z
    .enum(VISIBILITIES, "visibility must be private or public")
    .default("private")
    .describe("`private` (the default), or `public`: anyone may pull, and do nothing else."),
  vulnerabilityScanning: truth("vulnerabilityScanning")
    .default(true)
    .describe(
      "Whether what is pushed is scanned for vulnerabilities; true by default. Once on, it cannot be switched off. The server does not scan yet.",
    ),
  apiSubnetAllowList: allowList
    .default([])
    .describe(
      "IPv4 and IPv6 addresses and networks that may push and pull, at most 25, such as `192.0.2.0/24`. Empty, the default, means everyone.",
    ),
  deletionProtection: truth("deletionProtection")
    .default(false)
    .describe("Whether the server refuses to delete the registry, whoever asks; false by default."),
  forceDestroy: truth("forceDestroy")
    .default(false)
    .describe(
      "Whether deleting the resource deletes artifacts too; false by default: it fails while there are any.",
    ),
});
export const registryOutputs = z.object({
  registryId: z
    .string()
    .describe("The registry's id; what `Token`, `Scope` and `GCSchedule` refer to."),
  hostname: z
    .string()
    .describe("The host name that the registry has where registries are addressed by host."),
  endpoint: z
    .string()
    .describe(
      "What stands before a repository's name in an image reference, such as `127.0.0.1:5000/shop`.",
    ),
  port: z
    .int()
    .optional()
    .describe("The registry's own port, where registries are addressed by port."),
  state: z.string().describe("`Running`, once the registry can be used."),
});
type Inputs = z.output<typeof registryInputs>;

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
  description: "A container registry.",
  example: {
    resources: {
      shop: { type: "Registry", properties: { location: "de/fra", visibility: "public" } },
    },
    outputs: { endpoint: "${shop.endpoint}" },
  },
  inputs: registryInputs,
  outputs: registryOutputs,
  isAutoNamed: true,
  importId: ["registryId"],
  replacing: REPLACING,
  secrets: [],

  describe: (properties) => `registry "${String(properties["resourceName"])}"`,

  check(request) {
    const { olds, news } = request;
    // Scanning is on unless the first run said otherwise, and stays as it is when no longer mentioned.
    const scanning = news["vulnerabilityScanning"] ?? olds["vulnerabilityScanning"] ?? true;
    const failures = [
      ...inputFailures(registryInputs, request),
      ...scanningFailures(request, scanning),
    ];
    return { inputs: { ...news, vulnerabilityScanning: scanning }, failures };
  },

  async diff(_context, { state, news, unknown }) {
    const wanted = { ...defaults, ...news, name: news["name"] ?? state["name"] };
    const replaces = changedKeys(REPLACING, state, wanted, unknown);
    const changes = [...replaces, ...changedKeys(UPDATED, state, wanted, unknown)];
    const isOfSameName = news["name"] !== undefined && !replaces.includes("name");
    const isMoved = replaces.length > 0 && isOfSameName;
    return { changes, replaces, ...(isMoved && { deletesFirst: true }) };
  },

  async create(context, bag) {
    const wanted = registryInputs.parse(bag);
    const created = await context.client.registries.create({
      name: wanted.name ?? autoName(wanted.resourceName, context.suffix()),
      location: wanted.location,
      features: { vulnerabilityScanning: { enabled: wanted.vulnerabilityScanning } },
      apiSubnetAllowList: wanted.apiSubnetAllowList,
      visibility: wanted.visibility,
      deletionProtection: wanted.deletionProtection,
    });
    return { id: created.id, state: await untilReady(context, created, wanted) };
  },

  async read({ client }, id, state) {
    const found = await client.registries.get(id);
    return found === undefined ? undefined : { id, state: registryState(state, found) };
  },

  async update(context, id, state, bag) {
    const wanted = registryInputs.parse(bag);
    const patched = await context.client.registries.patch(id, changesOf(state, wanted));
    return await untilReady(context, patched, wanted);
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
export function registryState(
  known: PropertyBag,
  { id, metadata, properties }: Registry,
): PropertyBag {
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
    port: properties.port,
    state: metadata.state,
  };
}

/**
 * The state of a registry that can be used. It is `New` until its key and address exist, and what depends
 * on it needs both.
 */
async function untilReady(context: Context, made: Registry, wanted: Inputs): Promise<PropertyBag> {
  const { client, clock, readyMilliseconds = READY_MILLISECONDS_MAX } = context;
  const deadline = clock.now().getTime() + readyMilliseconds;
  let current = made;
  for (;;) {
    const left = deadline - clock.now().getTime();
    if (current.metadata.state !== "New" || left <= 0) break;
    await clock.wait(Math.min(left, READY_POLL_MILLISECONDS));
    try {
      current = (await client.registries.get(made.id)) ?? current;
    } catch (error) {
      // Whatever ends the waiting, the registry exists and belongs into state: a time-out, a cancellation, a server that is gone.
      const reason = error instanceof Error ? error.message : String(error);
      throw new UnfinishedError(
        `it exists and is not known to be ready (${reason}): run \`pulumi up\` again`,
        { id: made.id, state: registryState(wanted, current) },
      );
    }
  }
  const state = registryState(wanted, current);
  if (current.metadata.state !== "New") return state;
  const seconds = Math.round(readyMilliseconds / 1000);
  throw new UnfinishedError(
    `it exists and is not ready after ${seconds} s: run \`pulumi up\` again, and look at the server's log if that does not help`,
    { id: made.id, state },
  );
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
