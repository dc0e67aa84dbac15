import type * as pulumi from "@pulumi/pulumi";
import type { Parts } from "../components/parts.ts";
import { GCSchedule } from "../plugin-face/gc-schedule.ts";
import { GeneratedKeys } from "../plugin-face/generated-keys.ts";
import { Registry } from "../plugin-face/registry.ts";
import { Token } from "../plugin-face/token.ts";

/** What the plugin's components are made of: its own resources, as a program would declare them. */
export const PARTS: Parts = { GCSchedule, GeneratedKeys, Registry, Token };

/** The token that a program has given as a whole; its outputs are what the engine knows of it. */
export function tokenAt(urn: string): pulumi.CustomResource {
  const name = urn.split("::").slice(3).join("::");
  return Reflect.construct(Token, [name, undefined, { urn }]);
}
