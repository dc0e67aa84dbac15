import { ClientError } from "@moorage/core/client/client-error";
import type { RegistryPatchJson } from "@moorage/core/contract/registry";
import {
  type ScheduleInput,
  scheduleDays,
  scheduleTime,
  weeklyStarts,
} from "@moorage/core/contract/schedule";
import { z } from "zod";
import { SHOP } from "./example.ts";
import {
  changedKeys,
  idInput,
  inputFailures,
  inputsObject,
  isEqual,
  resourceName,
} from "./inputs.ts";
import type { PropertyBag, Resource } from "./resource.ts";

const DAYS =
  "days must name at least one day; to switch garbage collection off, remove the schedule";

/** What a program says of it. */
export const gcScheduleInputs = inputsObject({
  resourceName,
  registryId: idInput("registryId").describe(
    "The registry whose garbage is collected. Another registry makes another schedule.",
  ),
  days: scheduleDays
    .min(1, DAYS)
    .describe("The days of the week, at least one: `Monday` to `Sunday`."),
  time: scheduleTime.describe(
    "The time of day in UTC: `19:30`, `19:30:00`, `19:30:00Z` and `19:30:00+00:00` are the same.",
  ),
  deleteUntagged: z
    .boolean("deleteUntagged must be true or false")
    .default(false)
    .describe("Whether runs also remove manifests that no tag names; false by default."),
});
const timing = z.object({ days: scheduleDays, time: scheduleTime });

const REPLACING = ["registryId"];

/** When a registry's garbage is collected. Its id is the registry's: a registry has one schedule. */
export const gcSchedule: Resource = {
  type: "GCSchedule",
  description:
    "When a registry's garbage is collected. A registry has at most one; without it, nothing is collected.",
  example: {
    resources: {
      shop: SHOP,
      weekly: {
        type: "GCSchedule",
        properties: { registryId: "${shop.registryId}", days: ["Sunday"], time: "03:30" },
      },
    },
    outputs: { endpoint: "${shop.endpoint}" },
  },
  inputs: gcScheduleInputs,
  outputs: z.object({}),
  isAutoNamed: false,
  importId: ["registryId"],
  replacing: REPLACING,
  secrets: [],

  describe: (properties) => `garbage-collection schedule "${String(properties["resourceName"])}"`,

  check(request) {
    return { inputs: request.news, failures: inputFailures(gcScheduleInputs, request) };
  },

  async diff(_context, { state, news, unknown }) {
    const replaces = changedKeys(REPLACING, state, news, unknown);
    const moved = unknown.has("days") || unknown.has("time") || !isSameTiming(state, news);
    const timings = moved ? changedKeys(["days", "time"], state, news, unknown) : [];
    const untagged = changedKeys(["deleteUntagged"], state, news, unknown, isSameTruth);
    return { changes: [...replaces, ...timings, ...untagged], replaces };
  },

  async create({ client }, bag) {
    const wanted = gcScheduleInputs.parse(bag);
    const { registryId } = wanted;
    await client.registries.patch(registryId, scheduleOf(wanted));
    return { id: registryId, state: wanted };
  },

  async read({ client }, id, state) {
    const registry = await client.registries.get(id);
    const schedule = registry?.properties.garbageCollectionSchedule;
    if (!schedule?.days?.length) return undefined;
    // Another spelling of the same time is no drift.
    const found = isSameTiming(state, schedule) ? timing.parse(state) : schedule;
    const { days, time } = found;
    const { deleteUntagged = false } = schedule;
    return { id, state: { ...state, registryId: id, days, time, deleteUntagged } };
  },

  async update({ client }, id, _state, bag) {
    const wanted = gcScheduleInputs.parse(bag);
    await client.registries.patch(id, scheduleOf(wanted));
    return wanted;
  },

  async delete({ client }, id) {
    try {
      await client.registries.patch(id, { garbageCollectionSchedule: null });
    } catch (error) {
      // Without its registry there is nothing left to switch off.
      if (!(error instanceof ClientError && error.code === "not-found")) throw error;
    }
  },
};

function scheduleOf({
  days,
  time,
  deleteUntagged,
}: z.output<typeof gcScheduleInputs>): RegistryPatchJson {
  // Left out it is false: a client of the contract alone sees a schedule as it knows one.
  return { garbageCollectionSchedule: { days, time, ...(deleteUntagged && { deleteUntagged }) } };
}

/** States from before the property have none: it is false by default. */
function isSameTruth(_key: string, old: unknown, wanted: unknown): boolean {
  return (old ?? false) === (wanted ?? false);
}

function isSameTiming(left: PropertyBag, right: PropertyBag): boolean {
  const [one, other] = [timing.safeParse(left), timing.safeParse(right)];
  if (!one.success || !other.success) return false;
  return isEqual(weeklyStarts(startsOf(one.data)), weeklyStarts(startsOf(other.data)));
}

function startsOf({ days, time }: z.output<typeof timing>): ScheduleInput {
  return { days, time };
}
