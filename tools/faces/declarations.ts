// What both faces share: the arguments of classes, the types in them, and what the classes are made of.
import {
  inputsOf,
  isOfComponents,
  nameOf,
  type ObjectSpec,
  type PackageSpec,
  type ResourceSpec,
} from "./package-spec.ts";
import { type SourceText, sourceText } from "./source-text.ts";
import { comment, members, TypeWriter } from "./typescript-types.ts";

/** The file of the types that have a name of their own. */
export function namedTypes(spec: PackageSpec): SourceText {
  const blocks = Object.entries(spec.types).flatMap(([token, type]) => {
    const name = nameOf(token);
    const types = new TypeWriter(spec);
    if (type.enum !== undefined) {
      const words = type.enum.map(({ value }) => JSON.stringify(value)).join(" | ");
      return [comment(type.description), `export type ${name} = ${words};\n`];
    }
    return [
      comment(type.description),
      `export interface ${name} {`,
      ...members(type, types, "input"),
      "}\n",
      ...(isOfComponents(token) ? [] : outputOf(name, type, types)),
    ];
  });
  return sourceText("named-types", ['import type * as pulumi from "@pulumi/pulumi";\n', ...blocks]);
}

function outputOf(name: string, type: ObjectSpec, types: TypeWriter): readonly string[] {
  return [
    comment(`${type.description.replace(/\.$/, "")}, as an output.`),
    `export interface ${name}Output {`,
    ...members(type, types, "plain", "readonly "),
    "}\n",
  ];
}

/** The file of a class's arguments. */
export function classArguments(
  spec: PackageSpec,
  type: string,
  resource: ResourceSpec,
): SourceText {
  const types = new TypeWriter(spec);
  const inputs = inputsOf(resource);
  const lines = members(inputs, types, "input");
  const own = Object.keys(resource.properties).filter((key) => !(key in inputs.properties));
  const secretsOf = (object: Readonly<Record<string, { secret: boolean }>>): string[] =>
    Object.keys(object).filter((key) => object[key]?.secret === true);
  const shape = {
    type,
    inputs: Object.keys(inputs.properties),
    outputs: own,
    secretInputs: secretsOf(inputs.properties),
    secretOutputs: secretsOf(resource.properties),
  };
  const text = lines.join("\n");
  return sourceText(type, [
    text.includes("pulumi.") ? 'import type * as pulumi from "@pulumi/pulumi";' : "",
    importOf(types.used, "./named-types.ts"),
    'import type { Shape } from "./shape.ts";\n',
    comment(`What a {@link ${type}} is made from.`).replace(/\{@link (\w+)\}/, "`$1`"),
    text === ""
      ? `export type ${type}Args = Readonly<Record<string, never>>;\n`
      : `export interface ${type}Args {\n${text}\n}\n`,
    comment(`What the classes \`${type}\` of both faces have in common.`),
    `export const ${shapeOf(type)}: Shape = ${JSON.stringify(shape)};`,
  ]);
}

/** The name of what a class is made of. */
export function shapeOf(type: string): string {
  return `${type.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (capitals) => capitals.toLowerCase())}Shape`;
}

/** An import of types; nothing where there are none. */
export function importOf(names: readonly string[], from: string): string {
  return names.length === 0 ? "" : `import type { ${names.join(", ")} } from "${from}";`;
}
