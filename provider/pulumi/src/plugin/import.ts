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
  const parts = partsOf(resource, id);
  if (!resource.importId.every((key, index) => isPart(resource, key, parts[index]))) {
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

/** The parts of an id; the last one may have slashes in it, as a repository's name has. */
function partsOf({ importId }: Resource, id: string): string[] {
  const parts = id.split("/");
  const last = importId.length - 1;
  return [...parts.slice(0, last), parts.slice(last).join("/")];
}

/** Whether a part of an id can be what it is to be: an input as the program would give it, or the resource's own id. */
function isPart({ inputs }: Resource, key: string, part: string | undefined): boolean {
  const schema = inputs.shape[key];
  if (part === undefined) return false;
  if (schema === undefined) return ID.test(part);
  const outcome = schema["~standard"].validate(part);
  return "value" in outcome;
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
    // A secret that nobody gave was generated: it is an output alone.
    .filter(
      (key) =>
        key in olds || !(resource.secrets.includes(key) || isEqual(live[key], defaults[key])),
    )
    .map((key) => [key, live[key]] as const);
  return Object.fromEntries(inputs);
}
