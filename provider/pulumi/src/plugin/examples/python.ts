import { type Example, isReferredTo, referenceIn } from "../../resources/example.ts";
import type { PropertySpec } from "../schema-types.ts";
import { group, type Item, type Layout, laidOut, type Piece } from "./layout.ts";
import type { Types } from "./schema-lookup.ts";

const LAYOUT: Layout = { indentation: "    ", padding: "", isAligned: false, isFlat: () => true };

/** An example as a program in Python. */
export function inPython(example: Example, types: Types): string {
  const { resources = {}, functions = {}, outputs } = example;
  const declared = Object.entries(resources).map(([name, { type, properties, provider }]) => {
    const options =
      provider === undefined
        ? []
        : [item(`opts=pulumi.ResourceOptions(provider=${snake(provider)})`)];
    const args = [item(JSON.stringify(name)), ...keywords(properties, type), ...options];
    return statement(
      isReferredTo(name, example) ? `${snake(name)} = ` : "",
      `moorage.${type.replace(":", ".")}(`,
      args,
    );
  });
  const asked = Object.entries(functions).map(([name, { name: call, inputs }]) =>
    statement(`${snake(name)} = `, `moorage.${snake(call)}_output(`, keywords(inputs, call)),
  );
  const shown = Object.entries(outputs).map(
    ([name, reference]) => `pulumi.export(${JSON.stringify(name)}, ${expression(reference)})`,
  );
  return [
    "import pulumi",
    "import pulumi_moorage as moorage",
    "",
    ...declared,
    ...asked,
    "",
    ...shown,
  ].join("\n");

  function keywords(properties: object, of: string): Item[] {
    return Object.entries(properties).map(([key, value]) => ({
      before: `${snake(key)}=`,
      piece: literal(value, types.inputOf(of, key)),
    }));
  }

  function literal(value: unknown, type: PropertySpec | undefined): Piece {
    if (typeof value === "string") return textLiteral(value, type);
    if (typeof value === "boolean") return value ? "True" : "False";
    if (Array.isArray(value)) {
      return group(
        "[",
        value.map((each) => item(literal(each, type?.items))),
        "]",
      );
    }
    if (typeof value === "object" && value !== null) {
      // The keys of a type's fields are Python's, those of a map are the program's own.
      const isNamed = types.objectOf(type) !== undefined;
      const items = Object.entries(value).map(([key, each]) => ({
        before: `${JSON.stringify(isNamed ? snake(key) : key)}: `,
        piece: literal(each, types.fieldOf(type, key)),
      }));
      return group("{", items, "}");
    }
    return JSON.stringify(value);
  }

  function textLiteral(value: string, type: PropertySpec | undefined): string {
    const words = types.wordsOf(type);
    const word = words?.words.find((each) => each.value === value);
    if (words === undefined || word === undefined) return expression(value);
    const name = snake(word.name ?? value).replace(/\W+/g, "_");
    return `moorage.${words.name}.${name.toUpperCase()}`;
  }
}

function statement(start: string, call: string, args: readonly Item[]): string {
  const piece = group(call, args, ")");
  return start + laidOut(piece, LAYOUT, "", start.length);
}

function item(piece: Piece): Item {
  return { before: "", piece };
}

function expression(text: string): string {
  const reference = referenceIn(text);
  if (reference === undefined) return JSON.stringify(text);
  return `${snake(reference.name)}.${snake(reference.output)}`;
}

function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}
