import type * as pulumi from "@pulumi/pulumi";
import type { GCScheduleArgs } from "../program/gc-schedule.ts";
import type { GeneratedKeysArgs } from "../program/generated-keys.ts";
import type { RegistryArgs } from "../program/registry.ts";
import type { TokenArgs } from "../program/token.ts";

/**
 * The resources of Moorage that components are made of. Each face has its own: a program's components hold dynamic
 * resources, those that the plugin makes hold the plugin's.
 */
export interface Parts {
  readonly Registry: Part<RegistryArgs, "registryId" | "hostname" | "endpoint">;
  readonly GCSchedule: Part<GCScheduleArgs, never>;
  readonly Token: Part<TokenArgs, "dockerConfigJson">;
  readonly GeneratedKeys: Part<GeneratedKeysArgs, "masterKey" | "ownerPassword">;
}

/** A class of resources with texts among their outputs. */
type Part<Args, Outputs extends string> = new (
  name: string,
  args: Args,
  opts: pulumi.CustomResourceOptions,
) => pulumi.CustomResource & { readonly [Key in Outputs]: pulumi.Output<string> };
