import { isDeepStrictEqual } from "node:util";
import type { ClusterObject } from "./cluster.ts";

/** Properties from the engine, or for it. */
export type Properties = Readonly<Record<string, unknown>>;

/** Which kinds' content may change in place. */
export interface Mutability {
  readonly secrets: boolean;
  readonly configMaps: boolean;
}

export interface Differences {
  /** Top-level properties that differ. */
  readonly changes: readonly string[];
  /** Those of them for whose sake the object is made anew. */
  readonly replaces: readonly string[];
}

/** What differs, and what of it cannot change where it is. */
export function differencesOf(
  olds: Properties,
  news: ClusterObject,
  unknown: ReadonlySet<string>,
  mutability: Mutability,
): Differences {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const changes = keys.filter((key) => unknown.has(key) || !isSame(olds[key], news[key]));
  const replaces = fixedPaths(news.kind, mutability)
    .filter(([key = "", ...within]) => {
      return changes.includes(key) && !isSame(at(olds[key], within), at(news[key], within));
    })
    .map(([key = ""]) => key);
  return { changes, replaces: [...new Set(replaces)] };
}

/** As much of a live object as stands in what was given: what somebody else changed or took away shows. */
export function likeGiven(given: Properties, live: Properties): Properties {
  const texts = isObject(given["stringData"]) ? { stringData: decoded(live["data"]) } : {};
  const kept = common(given, { ...live, ...texts });
  return isObject(kept) ? kept : {};
}

function fixedPaths(kind: string, { configMaps, secrets }: Mutability): string[][] {
  const identity = [
    ["metadata", "name"],
    ["metadata", "namespace"],
  ];
  const ofKind: Record<string, string[][]> = {
    Secret: [["type"], ...(secrets ? [] : [["data"], ["stringData"]])],
    ConfigMap: configMaps ? [] : [["data"], ["binaryData"]],
    Service: [["spec", "clusterIP"]],
    Deployment: [["spec", "selector"]],
    StatefulSet: [
      ["spec", "podManagementPolicy"],
      ["spec", "selector"],
      ["spec", "serviceName"],
      ["spec", "volumeClaimTemplates"],
    ],
  };
  return [...identity, ...(ofKind[kind] ?? [])];
}

function common(given: unknown, live: unknown): unknown {
  if (Array.isArray(given) && Array.isArray(live)) {
    return live.map((item, index) => common(given[index], item));
  }
  if (!isObject(given) || !isObject(live)) return live;
  const shared = Object.keys(given).filter((key) => live[key] !== undefined);
  return Object.fromEntries(shared.map((key) => [key, common(given[key], live[key])]));
}

function decoded(data: unknown): Properties {
  const entries = isObject(data) ? Object.entries(data) : [];
  return Object.fromEntries(
    entries.map(([key, value]) => [key, Buffer.from(String(value), "base64").toString()]),
  );
}

function at(value: unknown, within: readonly string[]): unknown {
  return within.reduce((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(one, other);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
