// Where a component is made known to the plugin and the schema.
import type { ComponentDefinition } from "./definition.ts";
import { hostedRegistry } from "./hosted-registry-definition.ts";
import { pullSecret } from "./pull-secret-definition.ts";
import { registryServer } from "./registry-server-definition.ts";

/** The module that components are in: `moorage:kubernetes:PullSecret`, and not `moorage:index:PullSecret`. */
export const COMPONENT_MODULE = "kubernetes";

/** Every component, by its type. */
export const COMPONENTS: ReadonlyMap<string, ComponentDefinition> = new Map(
  [registryServer, pullSecret, hostedRegistry].map((each) => [
    `moorage:${COMPONENT_MODULE}:${each.type}`,
    each,
  ]),
);
