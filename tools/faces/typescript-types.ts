import { nameOf, type ObjectSpec, type PackageSpec, type TypeSpec } from "./package-spec.ts";

/** Who reads a type: a program that gives it, one that gets it from a resource, or one that asks. */
export type Role = "input" | "output" | "plain";

const ANY = "pulumi.json#/Any";
const NAMES: Readonly<Record<string, string>> = { integer: "number" };

/** Writes types of the schema in TypeScript, and remembers which named ones it wrote. */
export class TypeWriter {
  readonly #spec: PackageSpec;
  readonly #used = new Set<string>();

  constructor(spec: PackageSpec) {
    this.#spec = spec;
  }

  /** Named types that were written, in order. */
  get used(): readonly string[] {
    return [...this.#used].sort();
  }

  /** The type of a value; of an input, not of what may stand for it. */
  value(type: TypeSpec, role: Role): string {
    if (type.oneOf !== undefined) {
      return type.oneOf.map((each) => this.value(each, role)).join(" | ");
    }
    if (type.$ref !== undefined) return this.#reference(type.$ref, role);
    if (type.type === "array") {
      const list = `${inBrackets(this.#inner(type.items, role))}[]`;
      return type.plain === true && role === "input" ? `readonly ${list}` : list;
    }
    if (type.type === "object") {
      return `Readonly<Record<string, ${this.#inner(type.additionalProperties, role)}>>`;
    }
    return NAMES[type.type ?? ""] ?? type.type ?? "unknown";
  }

  /** The type of a property: its question mark, colon and type. */
  property(type: TypeSpec, role: Role, isRequired: boolean): string {
    const value = this.value(type, role);
    const whole = isRequired ? value : `${value} | undefined`;
    if (role === "output") return `: pulumi.Output<${whole}>`;
    const isPlain = role === "plain" || type.plain === true;
    return `${isRequired ? "" : "?"}: ${isPlain ? whole : `pulumi.Input<${whole}>`}`;
  }

  #inner(type: TypeSpec | undefined, role: Role): string {
    const value = type === undefined ? "unknown" : this.value(type, role);
    return role === "input" && type?.plain !== true ? `pulumi.Input<${value}>` : value;
  }

  #reference(reference: string, role: Role): string {
    const named = this.#spec.types[reference.replace("#/types/", "")];
    // What another package has is not known here; the provider checks it.
    if (reference === ANY || named === undefined) return "unknown";
    const name = nameOf(reference);
    const written = named.enum === undefined && role !== "input" ? `${name}Output` : name;
    this.#used.add(written);
    return written;
  }
}

/** Lines of an interface or a class, one property each, with what is said of it above. */
export function members(
  object: ObjectSpec,
  types: TypeWriter,
  role: Role,
  prefix = "",
): readonly string[] {
  return Object.entries(object.properties).flatMap(([name, property]) => {
    const type = types.property(property, role, object.required.includes(name));
    return [comment(property.description, "  "), `  ${prefix}${name}${type};`];
  });
}

/** A comment that documents what stands below it. */
export function comment(text: string, indentation = ""): string {
  const lines = text.split("\n").flatMap((line) => wrapped(line, 96 - indentation.length));
  const [only = ""] = lines;
  if (lines.length === 1) return `${indentation}/** ${only} */`;
  const inner = lines.map((line) => `${indentation} * ${line}`.trimEnd());
  return [`${indentation}/**`, ...inner, `${indentation} */`].join("\n");
}

function wrapped(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    if (current !== "" && current.length + word.length + 1 > width) {
      lines.push(current);
      current = word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...lines, current];
}

function inBrackets(type: string): string {
  return / \| /.test(type) && !type.includes("<") ? `(${type})` : type;
}
