import { classOf, type Example, isReferredTo, referenceIn } from "../../resources/example.ts";
import { group, type Layout, laidOut, type Piece } from "./layout.ts";

const LAYOUT: Layout = { indentation: "  ", padding: " ", isAligned: false, isFlat: () => true };
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** An example as a program in TypeScript. */
export function inTypeScript(example: Example): string {
  const { resources = {}, functions = {}, outputs } = example;
  const declared = Object.entries(resources).map(([name, { type, properties, provider }]) => {
    const options = provider === undefined ? [] : [item(`{ provider: ${provider} }`)];
    const args = [item(JSON.stringify(name)), item(literal(properties)), ...options];
    return statement(
      isReferredTo(name, example) ? `const ${name} = ` : "",
      `new moorage.${classOf(type).name}(`,
      args,
    );
  });
  const asked = Object.entries(functions).map(([name, { name: call, inputs }]) => {
    const args = Object.keys(inputs).length === 0 ? [] : [item(literal(inputs))];
    return statement(`const ${name} = `, `moorage.${call}Output(`, args);
  });
  const shown = Object.entries(outputs).map(
    ([name, reference]) => `export const ${name} = ${expression(reference)};`,
  );
  return [
    'import * as moorage from "@moorage/pulumi/plugin";',
    "",
    ...declared,
    ...asked,
    "",
    ...shown,
  ].join("\n");
}

function statement(start: string, call: string, args: { before: string; piece: Piece }[]): string {
  // Arguments stay with their brackets; only the last one is spread over lines.
  const [last] = args.slice(-1);
  const texts = args.map(({ piece }) => laidOut(piece, LAYOUT));
  const flat = `${start}${call}${texts.join(", ")});`;
  if (last === undefined || (!flat.includes("\n") && flat.length <= 80)) return flat;
  const written = args.map(({ piece }) =>
    typeof piece === "string" ? piece : laidOut(piece, LAYOUT, "", 80),
  );
  return `${start}${call}${written.join(", ")});`;
}

function item(piece: Piece): { before: string; piece: Piece } {
  return { before: "", piece };
}

function expression(text: string): string {
  const reference = referenceIn(text);
  return reference === undefined ? JSON.stringify(text) : `${reference.name}.${reference.output}`;
}

function literal(value: unknown): Piece {
  if (typeof value === "string") return expression(value);
  if (Array.isArray(value)) {
    return group(
      "[",
      value.map((each) => ({ before: "", piece: literal(each) })),
      "]",
    );
  }
  if (typeof value === "object" && value !== null) {
    const items = Object.entries(value).map(([key, each]) => ({
      before: `${IDENTIFIER.test(key) ? key : JSON.stringify(key)}: `,
      piece: literal(each),
    }));
    return group("{", items, "}");
  }
  return JSON.stringify(value);
}
