import { z } from "zod";
import type { PropertySpec } from "../schema-types.ts";

const named = z.record(
  z.string(),
  z.object({
    enum: z.array(z.object({ value: z.string(), name: z.string().optional() })).optional(),
    properties: z.record(z.string(), z.custom<PropertySpec>()).optional(),
    required: z.array(z.string()).optional(),
  }),
);

/** A word of an enumeration, with the name that languages give it, if that is not its own. */
export interface Word {
  readonly value: string;
  readonly name?: string | undefined;
}

/** An object type with a name. */
export interface ObjectType {
  readonly module: string;
  readonly name: string;
  readonly fields: Inputs;
  readonly required: readonly string[];
}

/** What a resource, the provider, or a function is given: property by property. */
export type Inputs = Readonly<Record<string, PropertySpec>>;

/** The types of the schema, as examples need them: what languages write differs by them. */
export class Types {
  readonly #named: z.output<typeof named>;
  readonly #inputs: ReadonlyMap<string, Inputs>;
  readonly #required: ReadonlyMap<string, readonly string[]>;

  /**
   * @param types the schema's named types
   * @param inputs by the name of the class or function
   * @param required names of inputs that must be given, where that makes a difference: for components
   */
  constructor(
    types: unknown,
    inputs: ReadonlyMap<string, Inputs>,
    required: ReadonlyMap<string, readonly string[]>,
  ) {
    this.#named = named.parse(types);
    this.#inputs = inputs;
    this.#required = required;
  }

  /** Whether this is the name of a class. */
  isClass(name: string): boolean {
    return this.#inputs.has(name);
  }

  /** The type of an input; one that is not there is a mistake in the example. */
  inputOf(of: string, key: string): PropertySpec {
    const found = this.#inputs.get(of)?.[key];
    if (found === undefined)
      throw new Error(`an example gives ${of} the input ${key}; there is none`);
    return found;
  }

  /** Whether an input must be given. */
  isRequired(of: string, key: string): boolean {
    return this.#required.get(of)?.includes(key) === true;
  }

  /** The name and fields of an object type; undefined: it is none. */
  objectOf(type: PropertySpec | undefined): ObjectType | undefined {
    const found = this.#find(type);
    if (found?.properties === undefined || type?.$ref === undefined) return undefined;
    const module = type.$ref.split(":").at(-2) ?? "";
    const { properties: fields, required = [] } = found;
    return { module, name: lastPart(type.$ref), fields, required };
  }

  /** The type of a field of an object, or of a map's values. */
  fieldOf(type: PropertySpec | undefined, key: string): PropertySpec | undefined {
    return this.objectOf(type)?.fields[key] ?? type?.additionalProperties;
  }

  /** The name and words of an enumeration; undefined: it is none. */
  wordsOf(type: PropertySpec | undefined): { name: string; words: readonly Word[] } | undefined {
    const found = this.#find(type);
    if (found?.enum === undefined || type?.$ref === undefined) return undefined;
    return { name: lastPart(type.$ref), words: found.enum };
  }

  #find(type: PropertySpec | undefined): z.output<typeof named>[string] | undefined {
    return this.#named[type?.$ref?.replace("#/types/", "") ?? ""];
  }
}

function lastPart(reference: string): string {
  return reference.slice(reference.lastIndexOf(":") + 1);
}
