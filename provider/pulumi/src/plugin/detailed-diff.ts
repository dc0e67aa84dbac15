import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { isEqual } from "../resources/inputs.ts";
import type { Difference, PropertyBag } from "../resources/resource.ts";

const { Kind } = pb.PropertyDiff;

/** What a resource was, by its inputs and its state, and what is wanted of it. */
export interface Compared {
  readonly oldInputs: PropertyBag;
  readonly state: PropertyBag;
  readonly news: PropertyBag;
  readonly unknown: ReadonlySet<string>;
}

/**
 * Says of each property that changes where within it, and how. What the program changed is a difference of inputs;
 * what somebody else changed, or what has become due, is one between state and inputs.
 */
export function detailedDiff(
  { changes, replaces }: Difference,
  { oldInputs, state, news, unknown }: Compared,
): Map<string, pb.PropertyDiff> {
  const details = new Map<string, pb.PropertyDiff>();
  for (const key of changes) {
    const isInput = unknown.has(key) || !isEqual(oldInputs[key], news[key]);
    const old = isInput ? oldInputs[key] : state[key];
    const paths = unknown.has(key)
      ? [whole(key, old === undefined ? Kind.ADD : Kind.UPDATE)]
      : differences(key, old, news[key]);
    // Nothing to compare: a property that the program does not give has become due.
    const told = paths.length > 0 ? paths : [whole(key, Kind.UPDATE)];
    for (const { path, kind } of told) {
      const detail = new pb.PropertyDiff();
      detail.setKind(replaces.includes(key) ? REPLACING[kind] : kind);
      detail.setInputdiff(isInput);
      details.set(path, detail);
    }
  }
  return details;
}

type PlainKind =
  | pb.PropertyDiff.Kind.ADD
  | pb.PropertyDiff.Kind.DELETE
  | pb.PropertyDiff.Kind.UPDATE;

const REPLACING = {
  [Kind.ADD]: Kind.ADD_REPLACE,
  [Kind.DELETE]: Kind.DELETE_REPLACE,
  [Kind.UPDATE]: Kind.UPDATE_REPLACE,
} as const;

interface PathChange {
  readonly path: string;
  readonly kind: PlainKind;
}

function whole(path: string, kind: PlainKind): PathChange {
  return { path, kind };
}

function differences(path: string, old: unknown, wanted: unknown): PathChange[] {
  if (isEqual(old, wanted)) return [];
  if (old === undefined) return [whole(path, Kind.ADD)];
  if (wanted === undefined) return [whole(path, Kind.DELETE)];
  if (Array.isArray(old) && Array.isArray(wanted)) {
    const length = Math.max(old.length, wanted.length);
    return Array.from({ length }, (_, index) =>
      differences(`${path}[${index}]`, old[index], wanted[index]),
    ).flat();
  }
  if (isObject(old) && isObject(wanted)) {
    return [...new Set([...Object.keys(old), ...Object.keys(wanted)])].flatMap((key) =>
      differences(`${path}.${key}`, old[key], wanted[key]),
    );
  }
  return [whole(path, Kind.UPDATE)];
}

function isObject(value: unknown): value is PropertyBag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
