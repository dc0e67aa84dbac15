import * as pulumi from "@pulumi/pulumi";
import type { PropertyBag } from "../resources/resource.ts";
import { type Opened, opened, referredTo } from "./codec.ts";
import { merged } from "./component-schema.ts";
import type { JsonSchema } from "./schema-types.ts";

/*
 * A component's arguments, from the wire to what its class takes. What may be known late becomes an output, with all that the engine knows
 * of it; everything else must be plain now. Whether its values are good is for the class to say; here is checked what
 * languages with types see to: that there is what must be, and nothing else.
 */

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Arguments as a component's class takes them. */
export interface Arguments {
  readonly args: PropertyBag;
  /** URNs of the resources that plain arguments are outputs of: the whole component comes after them. */
  readonly dependencies: readonly string[];
  /** What is wrong, with its place, a sentence each. */
  readonly refusals: readonly string[];
}

/** What a value has from where it stands. */
interface Place {
  readonly path: string;
  readonly isSecret: boolean;
  readonly dependencies: readonly string[];
}

/**
 * Reads the arguments of a component.
 * @param name how sentences call it
 * @param schema what it takes
 * @param wire the arguments
 * @param dependencies URNs that the engine tells beside the arguments, by argument
 * @param resourceOf what a resource becomes that stands where an object is wanted
 */
export function readArguments(
  name: string,
  schema: JsonSchema,
  wire: PropertyBag,
  dependencies: ReadonlyMap<string, readonly string[]>,
  resourceOf: (urn: string) => unknown,
): Arguments {
  const reader = new Reader(resourceOf);
  const args = reader.object(schema, wire, (key) => ({
    path: key === undefined ? name : `${name}.${key}`,
    isSecret: false,
    dependencies: key === undefined ? [] : (dependencies.get(key) ?? []),
  }));
  return { args, dependencies: [...reader.dependencies], refusals: reader.refusals };
}

class Reader {
  readonly dependencies = new Set<string>();
  readonly refusals: string[] = [];
  readonly #resourceOf: (urn: string) => unknown;

  constructor(resourceOf: (urn: string) => unknown) {
    this.#resourceOf = resourceOf;
  }

  /** The members of an object; `placeOf` tells the place of one, or of the object itself. */
  object(
    { properties = {}, required = [] }: JsonSchema,
    wire: PropertyBag,
    placeOf: (key?: string) => Place,
  ): PropertyBag {
    const known = Object.keys(properties).join(", ");
    const given = Object.entries(wire).filter(([, value]) => value !== null && value !== undefined);
    for (const key of required) {
      const isThere = given.some(([each]) => each === key);
      if (!isThere) this.#refuse(placeOf(key), "is missing");
    }
    const members = given.map(([key, value]) => {
      const schema = properties[key];
      if (schema !== undefined) return [key, this.#value(schema, value, placeOf(key))];
      this.#refuse(placeOf(), `there is no argument ${JSON.stringify(key)}; there are ${known}`);
      return [key, undefined];
    });
    return Object.fromEntries(members);
  }

  #value(schema: JsonSchema, wire: unknown, place: Place): unknown {
    if (schema.mayBeLater === true) return laterValue(wire, place);
    const { properties, items } = merged(schema);
    if (properties === undefined && items === undefined) return this.#plain(wire, place);
    const cover = opened(place.path, wire, "cover");
    if (cover.isUnknown) return this.#refuse(place, UNKNOWN_SENTENCE);
    const inside = (step: string): Place => ({
      path: `${place.path}${step}`,
      isSecret: place.isSecret || cover.isSecret,
      dependencies: [...place.dependencies, ...cover.dependencies],
    });
    for (const urn of inside("").dependencies) this.dependencies.add(urn);
    const urn = referredTo(cover.value);
    if (urn !== undefined) return this.#resourceOf(urn);
    if (items !== undefined) {
      if (!Array.isArray(cover.value)) return this.#refuse(place, "must be a list");
      return cover.value.map((each, index) => this.#value(items, each, inside(`.${index}`)));
    }
    if (!isObject(cover.value)) return this.#refuse(place, "must be an object");
    return this.object(merged(schema), cover.value, (key) => {
      return inside(key === undefined ? "" : `.${key}`);
    });
  }

  #plain(wire: unknown, place: Place): unknown {
    const { value, isSecret, isUnknown, dependencies } = opened(place.path, wire);
    if (isUnknown) return this.#refuse(place, UNKNOWN_SENTENCE);
    if (isSecret || place.isSecret) return this.#refuse(place, SECRET_SENTENCE);
    for (const urn of [...place.dependencies, ...dependencies]) this.dependencies.add(urn);
    return value;
  }

  #refuse({ path }: Place, sentence: string): undefined {
    this.refusals.push(`${path}: ${sentence}`);
  }
}

const UNKNOWN_SENTENCE =
  "must be known before anything is deployed: it decides which objects there are";
const SECRET_SENTENCE = "must not be secret: it can be read in objects that are not";

/** An output with all that is known of a value. */
function laterValue(wire: unknown, place: Place): unknown {
  const { value, isSecret, isUnknown, dependencies }: Opened = opened(place.path, wire);
  return pulumi.runtime.deserializeProperty({
    [SIGNATURE]: OUTPUT,
    ...(isUnknown ? {} : { value }),
    secret: isSecret || place.isSecret,
    dependencies: [...place.dependencies, ...dependencies],
  });
}

function isObject(value: unknown): value is PropertyBag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
