import * as pulumi from "@pulumi/pulumi";
import { shim } from "./shim.ts";

const provider = shim("GCSchedule");

/** What a {@link GCSchedule} is made from. */
export interface GCScheduleArgs {
  /** The registry whose garbage is collected. Another registry makes another schedule. */
  registryId: pulumi.Input<string>;
  /** The days of the week, at least one: `Monday` to `Sunday`. */
  days: pulumi.Input<
    pulumi.Input<
      "Monday" | "Tuesday" | "Wednesday" | "Thursday" | "Friday" | "Saturday" | "Sunday"
    >[]
  >;
  /** The time of day in UTC: `19:30`, `19:30:00`, `19:30:00Z` and `19:30:00+00:00` are the same. */
  time: pulumi.Input<string>;
  /** Whether runs also remove manifests that no tag names; false by default. */
  deleteUntagged?: pulumi.Input<boolean> | undefined;
}

/** When a registry's garbage is collected. A registry has at most one; without it, nothing is collected. */
export class GCSchedule extends pulumi.dynamic.Resource {
  declare readonly registryId: pulumi.Output<string>;
  declare readonly days: pulumi.Output<string[]>;
  declare readonly time: pulumi.Output<string>;
  declare readonly deleteUntagged: pulumi.Output<boolean>;

  /**
   * Declares a schedule.
   * @param name the resource's name within the program
   * @param args what the schedule is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: GCScheduleArgs, opts?: pulumi.CustomResourceOptions) {
    const properties = { deleteUntagged: undefined, ...args, resourceName: name };
    super(provider, name, properties, opts, "moorage", "GCSchedule");
  }
}
