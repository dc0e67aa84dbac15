import type { z } from "zod";
import type { Example } from "./example.ts";
import { type Context, type PropertyBag, ResourceError } from "./resource.ts";

/** A question that a program asks the server; it changes nothing. */
export interface Query {
  /** The function that a program calls, for example `getRegistry`. */
  readonly name: string;
  /** What the answer is, in sentences; the first one stands alone. */
  readonly description: string;
  /** A program that asks. */
  readonly example: Example;
  /** What is asked with, each property described. */
  readonly inputs: z.ZodObject;
  /** What is answered, each property described. */
  readonly outputs: z.ZodObject;
  /** Answers inputs that `inputs` has accepted; rejects as resources do. */
  ask(context: Context, inputs: PropertyBag): Promise<PropertyBag>;
}

/** The one of several things that has this name; where there is none, a sentence says so. */
export async function named<Thing extends { properties: { name: string } }>(
  things: AsyncIterable<Thing>,
  what: string,
  name: string,
): Promise<Thing> {
  for await (const each of things) if (each.properties.name === name) return each;
  throw new ResourceError(`there is no ${what} ${JSON.stringify(name)}`);
}

/** What was found under an id; where that is nothing, a sentence says so. */
export function found<Thing>(thing: Thing | undefined, what: string, id: string): Thing {
  if (thing === undefined) throw new ResourceError(`there is no ${what} ${id}`);
  return thing;
}

/** Whether inputs name a thing in one of two ways, and not in both. */
export function inOneWay(one: string, other: string): (inputs: PropertyBag) => boolean {
  return (inputs) => (inputs[one] === undefined) !== (inputs[other] === undefined);
}
