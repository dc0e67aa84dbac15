import type { PropertyBag, Resource } from "../resources/resource.ts";
import { UNKNOWN } from "./codec.ts";

/** What inputs are where a program does not give them. */
export function defaultsOf({ inputs }: Resource): PropertyBag {
  const defaults = Object.entries(inputs.shape).map(([key, schema]) => {
    const outcome = schema["~standard"].validate(undefined);
    return [key, "value" in outcome ? outcome.value : undefined];
  });
  return Object.fromEntries(defaults.filter(([, value]) => value !== undefined));
}

/**
 * The outputs of a resource after a change, as far as they are known before it: inputs as they will be,
 * others as they are, or unknown where there are none yet or the change makes them anew.
 */
export function foreseen(
  resource: Resource,
  state: PropertyBag,
  news: PropertyBag,
  renewed: readonly string[] = [],
): PropertyBag {
  const later = [
    ...Object.keys(resource.outputs.shape).filter((key) => state[key] === undefined),
    ...(resource.generated ?? []).filter(
      (key) => state[key] === undefined && news[key] === undefined,
    ),
    ...renewed,
  ];
  return {
    ...state,
    ...defaultsOf(resource),
    ...news,
    ...Object.fromEntries(later.map((key) => [key, UNKNOWN])),
  };
}
