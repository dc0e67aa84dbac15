import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { PropertyBag } from "../resources/resource.ts";

/*
 * Property values as the engine writes them. Most are plain JSON; what JSON cannot say is an object with a
 * signature, or, for values that are known only once other resources exist, one of some reserved texts.
 * Resources see plain values. What is secret or unknown within a property makes the whole property so:
 * nothing of ours needs to be told more precisely, and nothing leaks.
 */

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const REFUSED: Readonly<Record<string, string>> = {
  c44067f5952c0a294b673a41bacd8c17: "an asset",
  "0def7320c3a5731c473e5ecbe6d01bc7": "an archive",
  "803fd3297a5875dc03ca845dda5d2a98": "a text of bytes",
};
/** How an unknown value is written; a resource that sees it is told that it is unknown. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
]);

/** Properties from the wire. */
export interface Properties {
  readonly values: PropertyBag;
  /** Keys of `values` in which something is secret. */
  readonly secret: ReadonlySet<string>;
  /** Keys of `values` in which something is unknown; it reads {@link UNKNOWN}. */
  readonly unknown: ReadonlySet<string>;
}

/** A value that no property of ours can have. */
export class ValueRefused extends Error {
  override readonly name = "ValueRefused";
}

/** Reads properties; one without a value counts as absent. */
export function decode(message: Struct | undefined): Properties {
  const values: Record<string, unknown> = {};
  const secret = new Set<string>();
  const unknown = new Set<string>();
  for (const [key, wire] of Object.entries(message?.toJavaScript() ?? {})) {
    if (wire === null) continue;
    values[key] = plain(wire, {
      property: key,
      onSecret: () => secret.add(key),
      onUnknown: () => unknown.add(key),
    });
  }
  return { values, secret, unknown };
}

/** One value from the wire, opened to its bottom. */
export interface Opened {
  readonly value: unknown;
  readonly isSecret: boolean;
  readonly isUnknown: boolean;
  /** URNs of the resources that it is an output of. */
  readonly dependencies: readonly string[];
}

/** Opens a value of a property; `depth` is how far: what lies deeper stays as it is on the wire. */
export function opened(property: string, wire: unknown, depth: "all" | "cover" = "all"): Opened {
  const found = { isSecret: false, isUnknown: false, dependencies: [] as string[] };
  const value = plain(wire, {
    property,
    isCoverOnly: depth === "cover",
    onSecret: () => {
      found.isSecret = true;
    },
    onUnknown: () => {
      found.isUnknown = true;
    },
    onDependencies: (urns) => found.dependencies.push(...urns),
  });
  return { ...found, value };
}

/** The URN of a resource that stands for itself; undefined: the value is another one. */
export function referredTo(wire: unknown): string | undefined {
  return isObject(wire) && wire[SIGNATURE] === RESOURCE ? String(wire["urn"]) : undefined;
}

/** Writes properties; those of these keys as secrets. */
export function encode(values: PropertyBag, secret: ReadonlySet<string> = new Set()): Struct {
  const wire: Record<string, WireValue> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const written = wireValue(value);
    wire[key] = secret.has(key) ? { [SIGNATURE]: SECRET, value: written } : written;
  }
  return struct.Struct.fromJavaScript(wire);
}

interface Place {
  readonly property: string;
  readonly onSecret: () => void;
  readonly onUnknown: () => void;
  readonly onDependencies?: (urns: readonly string[]) => void;
  /** Whether what is within plain lists and objects stays as it is. */
  readonly isCoverOnly?: boolean;
}

function plain(wire: unknown, place: Place): unknown {
  if (UNKNOWNS.has(wire)) {
    place.onUnknown();
    return UNKNOWN;
  }
  const isCoverOnly = place.isCoverOnly === true;
  if (Array.isArray(wire)) return isCoverOnly ? wire : wire.map((each) => plain(each, place));
  if (!isObject(wire)) return wire;
  const signature = wire[SIGNATURE];
  if (signature === undefined) {
    if (isCoverOnly) return wire;
    return Object.fromEntries(
      Object.entries(wire).map(([key, value]) => [key, plain(value, place)]),
    );
  }
  return signedValue(String(signature), wire, place);
}

function signedValue(signature: string, wire: PropertyBag, place: Place): unknown {
  switch (signature) {
    case SECRET:
      place.onSecret();
      return plain(wire["value"], place);
    case OUTPUT:
      if (wire["secret"] === true) place.onSecret();
      if (Array.isArray(wire["dependencies"])) {
        place.onDependencies?.(wire["dependencies"].map(String));
      }
      return plain("value" in wire ? wire["value"] : UNKNOWN, place);
    case RESOURCE:
      if (place.isCoverOnly === true) return wire;
      // Whoever gives a whole resource means the one of its id.
      return plain(wire["id"] || UNKNOWN, place);
    default: {
      const what = REFUSED[signature] ?? "a value of a kind that this version does not know";
      throw new ValueRefused(`${place.property} must be plain values, and has ${what} in it`);
    }
  }
}

type WireValue = null | number | string | boolean | WireValue[] | { [key: string]: WireValue };

function wireValue(value: unknown): WireValue {
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "number") {
    return value;
  }
  if (Array.isArray(value)) return value.map(wireValue);
  if (!isObject(value)) return null;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, wireValue(inner)]));
}

function isObject(value: unknown): value is PropertyBag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
