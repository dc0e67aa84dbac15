import { refusalsOf } from "@moorage/core/contract/refusals";
import { z } from "zod";
import type { CheckFailure, CheckRequest, PropertyBag } from "./resource.ts";

/** A field that every resource carries: the name that the program gave it, for names and sentences. */
export const resourceName = z.string("the resource needs a name").min(1);

/** The id of a resource that another resource belongs to. */
export function idInput(field: "registryId" | "tokenId" | "userId"): z.ZodString {
  const kind = field.replace(/Id$/, "");
  const sentence = `${field} must be the id of a ${kind}, such as ${kind}.${field}`;
  return z
    .string(sentence)
    .regex(/^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/, sentence);
}

/** Inputs of a resource: unknown ones are refused by name. */
export function inputsObject<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape)
    .filter((key) => key !== "resourceName")
    .join(", ");
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `there is no argument ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}; there are ${known}`
        : "the arguments must be an object",
  });
}

/** What a schema finds wrong with inputs, leaving out those whose values are not known yet. */
export function inputFailures(schema: z.ZodType, request: CheckRequest): CheckFailure[] {
  const outcome = schema.safeParse(request.news);
  if (outcome.success) return [];
  return outcome.error.issues
    .filter((issue) => !request.unknown.has(String(issue.path[0])))
    .map((issue) => ({
      property: String(issue.path[0] ?? ""),
      reason: refusalsOf(new z.ZodError([issue]))[0]?.message ?? issue.message,
    }));
}

/** What a schema finds wrong with values that are all known, as sentences. */
export function refusals(schema: z.ZodType, values: PropertyBag): string[] {
  const outcome = schema.safeParse(values);
  return outcome.success ? [] : refusalsOf(outcome.error).map(({ message }) => message);
}

/**
 * Which of these keys change: their value is not known yet, or differs between state and inputs as
 * `same` judges it.
 */
export function changedKeys(
  keys: readonly string[],
  state: PropertyBag,
  wanted: PropertyBag,
  unknown: ReadonlySet<string>,
  same: (key: string, old: unknown, wanted: unknown) => boolean = (_, old, value) =>
    isEqual(old, value),
): string[] {
  return keys.filter((key) => unknown.has(key) || !same(key, state[key], wanted[key]));
}

/** Whether two plain values are the same; the order of an object's keys does not matter. */
export function isEqual(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
