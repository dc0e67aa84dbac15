import { status } from "@grpc/grpc-js";
import { isEqual } from "../resources/inputs.ts";
import type { Live, PropertyBag, Resource } from "../resources/resource.ts";
import { RefusedCall } from "./failures.ts";
import { defaultsOf } from "./preview.ts";

const ID = /^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/;

/**
 * Which resource is to be read. Its state tells; where there is none, because it is imported or only
 * looked up, the id that the person gave: `<registryId>/<tokenId>`, for example.
 */
export function identified(resource: Resource, id: string, state: PropertyBag): Live {
  const known = resource.importId.every((part) => state[part] !== undefined);
  if (known) return { id, state };
  const parts = id.split("/");
  if (parts.length !== resource.importId.length || !parts.every((part) => ID.test(part))) {
    const form = resource.importId.map((part) => `<${part}>`).join("/");
    throw new RefusedCall(
      status.INVALID_ARGUMENT,
      `a ${resource.type} is imported by ${form}, and ${JSON.stringify(id)} is not of that form`,
    );
  }
  // The last part is the resource's own id, which is no input where the resource bears it as an output.
  const given = resource.importId.map((key, index) => [key, parts[index]] as const);
  const address = given.filter(([key]) => key in resource.inputs.shape);
  // What only the program knows is as it is by default until the program says otherwise.
  const assumed = { ...defaultsOf(resource), ...Object.fromEntries(address) };
  return { id: parts.at(-1) ?? "", state: { ...assumed, ...state } };
}

/**
 * The inputs of what was read: those that were given before, as they are now, and those that are no
 * longer what they are by default.
 */
export function inputsFrom(
  resource: Resource,
  olds: PropertyBag,
  state: PropertyBag,
): Record<string, unknown> {
  const live = resource.inputsFrom?.(state) ?? state;
  const defaults = defaultsOf(resource);
  const inputs = Object.keys(resource.inputs.shape)
    .filter((key) => key !== "resourceName" && live[key] !== undefined)
    .filter((key) => key in olds || !isEqual(live[key], defaults[key]))
    .map((key) => [key, live[key]] as const);
  return Object.fromEntries(inputs);
}
