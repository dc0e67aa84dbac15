// Written by `npm run generate` from the package's schema; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import { type GCScheduleArgs, gcScheduleShape } from "../program/gc-schedule.ts";
import type { Weekday } from "../program/named-types.ts";
import { PluginResource } from "./plugin-resource.ts";

/**
 * When a registry's garbage is collected. A registry has at most one; without it, nothing is
 * collected.
 */
export class GCSchedule extends PluginResource {
  /** The registry whose garbage is collected. Another registry makes another schedule. */
  declare readonly registryId: pulumi.Output<string>;
  /** The days of the week, at least one: `Monday` to `Sunday`. */
  declare readonly days: pulumi.Output<Weekday[]>;
  /** The time of day in UTC: `19:30`, `19:30:00`, `19:30:00Z` and `19:30:00+00:00` are the same. */
  declare readonly time: pulumi.Output<string>;
  /** Whether runs also remove manifests that no tag names; false by default. */
  declare readonly deleteUntagged: pulumi.Output<boolean>;

  /**
   * Looks up what is there, by the id that it is imported by.
   * @param name the resource's name within the program
   * @param id what `pulumi import` takes
   * @param opts how Pulumi is to treat it
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): GCSchedule {
    return Reflect.construct(GCSchedule, [name, undefined, { ...opts, id }]);
  }

  /**
   * Declares a schedule.
   * @param name the resource's name within the program
   * @param args what the schedule is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(name: string, args: GCScheduleArgs, opts?: pulumi.CustomResourceOptions) {
    super(gcScheduleShape, name, args, opts);
  }
}
