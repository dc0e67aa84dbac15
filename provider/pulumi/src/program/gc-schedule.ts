// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { Weekday } from "./named-types.ts";
import type { Shape } from "./shape.ts";

/** What a `GCSchedule` is made from. */
export interface GCScheduleArgs {
  /** The registry whose garbage is collected. Another registry makes another schedule. */
  registryId: pulumi.Input<string>;
  /** The days of the week, at least one: `Monday` to `Sunday`. */
  days: pulumi.Input<pulumi.Input<Weekday>[]>;
  /** The time of day in UTC: `19:30`, `19:30:00`, `19:30:00Z` and `19:30:00+00:00` are the same. */
  time: pulumi.Input<string>;
  /** Whether runs also remove manifests that no tag names; false by default. */
  deleteUntagged?: pulumi.Input<boolean | undefined>;
}

/** What the classes `GCSchedule` of both faces have in common. */
export const gcScheduleShape: Shape = {
  type: "GCSchedule",
  inputs: ["registryId", "days", "time", "deleteUntagged"],
  outputs: [],
  secretInputs: [],
  secretOutputs: [],
};
