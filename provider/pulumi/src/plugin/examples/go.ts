import { classOf, type Example, isReferredTo, referenceIn } from "../../resources/example.ts";
import type { PropertySpec } from "../schema-types.ts";
import { group, type Item, type Layout, laidOut, type Piece } from "./layout.ts";
import type { ObjectType, Types } from "./schema-lookup.ts";

// As gofmt leaves it: fields of a structure stand one a line, unless there is but one.
const LAYOUT: Layout = {
  indentation: "\t",
  padding: "",
  isAligned: true,
  isFlat: (items) => items.filter(({ before }) => before !== "").length <= 1,
};
const SDK = "moorage.example/sdk/go/moorage";

/** An example as a program in Go. */
export function inGo(example: Example, types: Types): string {
  const literals = new Literals(example, types);
  const { resources = {}, functions = {}, outputs } = example;
  const lines: string[] = [];
  let isFirst = true;
  for (const [name, { type, properties, provider }] of Object.entries(resources)) {
    const results = isReferredTo(name, example)
      ? `${name}, err :=`
      : `_, err ${isFirst ? ":=" : "="}`;
    const option = provider === undefined ? "" : `, pulumi.Provider(${provider})`;
    const { module = "moorage", name: title } = classOf(type);
    const args = literals.inputs(`&${module}.${title}Args`, type, properties);
    const call = `${module}.New${title}(ctx, ${JSON.stringify(name)}, ${args}${option})`;
    lines.push(`${results} ${call}`, "if err != nil {", "\treturn err", "}");
    isFirst = false;
  }
  for (const [name, { name: call, inputs }] of Object.entries(functions)) {
    const called = functionName(call, types);
    const args = literals.inputs(`moorage.${called}OutputArgs`, call, inputs);
    lines.push(`${name} := moorage.${called}Output(ctx, ${args})`);
  }
  for (const [name, reference] of Object.entries(outputs)) {
    lines.push(`ctx.Export(${JSON.stringify(name)}, ${literals.expression(reference)})`);
  }
  const modules = new Set(
    Object.values(resources).flatMap(({ type }) => {
      const { module } = classOf(type);
      return module === undefined ? [SDK] : [`${SDK}/${module}`];
    }),
  );
  if (Object.keys(functions).length > 0) modules.add(SDK);
  const body = [...lines, "return nil"].flatMap((each) => each.split("\n"));
  return [
    "package main",
    "",
    "import (",
    '\t"github.com/pulumi/pulumi/sdk/v3/go/pulumi"',
    ...[...modules].sort().map((each) => `\t"${each}"`),
    ")",
    "",
    "func main() {",
    "\tpulumi.Run(func(ctx *pulumi.Context) error {",
    ...body.map((line) => `\t\t${line}`),
    "\t})",
    "}",
  ].join("\n");
}

/** Values as Go writes them: each by its type. */
class Literals {
  readonly #example: Example;
  readonly #types: Types;

  constructor(example: Example, types: Types) {
    this.#example = example;
    this.#types = types;
  }

  /** The arguments of a class or a function. */
  inputs(open: string, of: string, properties: object): string {
    const piece = this.#structure(open, properties, (key) => ({
      type: this.#types.inputOf(of, key),
      isRequired: this.#types.isRequired(of, key),
    }));
    return laidOut(piece, LAYOUT);
  }

  /** A reference, or a text. */
  expression(text: string): string {
    const found = referenceIn(text);
    if (found === undefined) return `pulumi.String(${JSON.stringify(text)})`;
    const field = `${found.name}.${title(found.output)}`;
    return found.name in (this.#example.functions ?? {}) ? `${field}()` : field;
  }

  #structure(
    open: string,
    properties: object,
    fieldOf: (key: string) => { type: PropertySpec | undefined; isRequired: boolean },
  ): Piece {
    const items = Object.entries(properties).map(([key, value]) => {
      const { type, isRequired } = fieldOf(key);
      const isPlain = type?.plain === true;
      const piece = isPlain ? this.#plain(value, type, isRequired) : this.#literal(value, type);
      return { before: `${title(key)}: `, piece };
    });
    return group(`${open}{`, items, "}");
  }

  #literal(value: unknown, type: PropertySpec | undefined): Piece {
    if (typeof value === "string") return this.#text(value, type);
    if (typeof value === "boolean") return `pulumi.Bool(${value})`;
    if (typeof value === "number") {
      return `pulumi.${type?.type === "number" ? "Float64" : "Int"}(${value})`;
    }
    if (Array.isArray(value)) {
      const pieces = value.map((each) => this.#literal(each, type?.items));
      const items: Item[] = pieces.map((piece) => ({ before: "", piece }));
      return group(`${this.#listType(type?.items)}{`, items, "}");
    }
    const named = this.#types.objectOf(type);
    if (named !== undefined) {
      return this.#object(named, Object(value), "&");
    }
    const items = Object.entries(Object(value)).map(([key, each]) => ({
      before: `${JSON.stringify(key)}: `,
      piece: this.#literal(each, type?.additionalProperties),
    }));
    const isText = type?.additionalProperties?.type === "string";
    return group(`pulumi.${isText ? "StringMap" : "Map"}{`, items, "}");
  }

  /** A value that no output may stand for: Go's own, behind a pointer where it may be left out. */
  #plain(value: unknown, type: PropertySpec, isRequired: boolean): Piece {
    const named = this.#types.objectOf(type);
    if (named !== undefined) return this.#object(named, Object(value), isRequired ? "" : "&");
    if (Array.isArray(value)) {
      const { items = {} } = type;
      const open = items.plain === true ? "[]string{" : "[]pulumi.StringInput{";
      const pieces = value.map((each) =>
        items.plain === true ? this.#plain(each, items, true) : this.#literal(each, items),
      );
      return group(
        open,
        pieces.map((piece) => ({ before: "", piece })),
        "}",
      );
    }
    const text = JSON.stringify(value);
    if (isRequired) return text;
    return `pulumi.${typeof value === "string" ? "StringRef" : "BoolRef"}(${text})`;
  }

  #object({ module, name, fields, required }: ObjectType, value: object, pointer: "" | "&"): Piece {
    const from = module === "index" ? "moorage" : module;
    return this.#structure(`${pointer}${from}.${name}Args`, value, (key) => ({
      type: fields[key],
      isRequired: required.includes(key),
    }));
  }

  #text(value: string, type: PropertySpec | undefined): string {
    const words = this.#types.wordsOf(type);
    const word = words?.words.find((each) => each.value === value);
    if (words === undefined || word === undefined) return this.expression(value);
    const name = word.name ?? title(value);
    return /^\w+$/.test(name)
      ? `moorage.${words.name}${name}`
      : `moorage.${words.name}(${JSON.stringify(value)})`;
  }

  #listType(items: PropertySpec | undefined): string {
    const named = this.#types.wordsOf(items)?.name ?? this.#types.objectOf(items)?.name;
    if (named !== undefined) return `moorage.${named}Array`;
    return items?.type === "string" ? "pulumi.StringArray" : "pulumi.Array";
  }
}

/** Go's generator gives a function that looks a resource up a name of its own. */
function functionName(name: string, types: Types): string {
  const [, resource = ""] = /^get(\w+)$/.exec(name) ?? [];
  return types.isClass(resource) ? `Lookup${resource}` : title(name);
}

function title(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
