// The classes of both faces.
import { importOf, shapeOf } from "./declarations.ts";
import { isOfComponents, nameOf, type PackageSpec, type ResourceSpec } from "./package-spec.ts";
import { fileName, type SourceText, sourceText } from "./source-text.ts";
import { comment, members, TypeWriter } from "./typescript-types.ts";

/** What programs are told when they declare one of these; the hand-written functions of `program/`. */
const REMARKS: Readonly<Record<string, { readonly call: string; readonly file: string }>> = {
  Token: { call: "remarkIfAlwaysDue", file: "always-due.ts" },
};
const NOUNS: Readonly<Record<string, string>> = {
  GeneratedKeys: "pair of keys",
  GCSchedule: "schedule",
};

/** The class of the dynamic face. */
export function dynamicClass(spec: PackageSpec, type: string, resource: ResourceSpec): SourceText {
  // The id is known during a preview that updates the resource, where other outputs are not: what
  // refers to it is not taken for changed.
  const id = `${type.charAt(0).toLowerCase()}${type.slice(1)}Id`;
  const isOutput = id in resource.properties && !(id in resource.inputProperties);
  return classText(spec, type, resource, {
    base: "DynamicResource",
    file: "dynamic-resource.ts",
    after: isOutput ? [`    this.${id} = this.id;`] : [],
    members: [],
  });
}

/** The class of the plugin's face. */
export function pluginClass(spec: PackageSpec, type: string, resource: ResourceSpec): SourceText {
  const get = `
${comment(
  `Looks up what is there, by the id that it is imported by.
@param name the resource's name within the program
@param id what \`pulumi import\` takes
@param opts how Pulumi is to treat it`,
  "  ",
)}
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): ${type} {
    return Reflect.construct(${type}, [name, undefined, { ...opts, id }]);
  }
`;
  return classText(spec, type, resource, {
    base: "PluginResource",
    file: "plugin-resource.ts",
    after: [],
    members: [get],
  });
}

interface Parts {
  readonly base: string;
  readonly file: string;
  readonly after: readonly string[];
  readonly members: readonly string[];
}

function classText(
  spec: PackageSpec,
  type: string,
  resource: ResourceSpec,
  { base, file, after, members: more }: Parts,
): SourceText {
  const types = new TypeWriter(spec);
  const lines = members(resource, types, "output", "declare readonly ");
  const remark = REMARKS[type];
  const article = /^[aeio]/i.test(type) ? "an" : "a";
  const isEmpty = resource.requiredInputs.length === 0;
  const noun = NOUNS[type] ?? type.toLowerCase();
  return sourceText(type, [
    'import type * as pulumi from "@pulumi/pulumi";',
    remark === undefined ? "" : `import { ${remark.call} } from "../program/${remark.file}";`,
    `import { type ${type}Args, ${shapeOf(type)} } from "../program/${fileName(type)}";`,
    importOf(types.used, "../program/named-types.ts"),
    `import { ${base} } from "./${file}";\n`,
    comment(withoutExamples(resource.description)),
    `export class ${type} extends ${base} {`,
    ...lines,
    " ",
    ...more,
    comment(
      `Declares ${article} ${noun}.
@param name the resource's name within the program
@param args what the ${noun} is to be
@param opts how Pulumi is to treat it`,
      "  ",
    ),
    `  constructor(name: string, args: ${type}Args${isEmpty ? " = {}" : ""}, opts?: pulumi.CustomResourceOptions) {`,
    `    super(${shapeOf(type)}, name, args, opts);`,
    ...after,
    remark === undefined ? "" : `    ${remark.call}(this, args);`,
    "  }",
    "}",
  ]);
}

/** What stands before examples and the like. */
export function withoutExamples(description: string): string {
  return (description.split(/\{\{% examples %\}\}|\n## /)[0] ?? "").trim();
}

/** The classes that are no components, by their names. */
export function classesOf(spec: PackageSpec): ReadonlyMap<string, ResourceSpec> {
  const entries = Object.entries(spec.resources).map(
    ([token, each]) => [nameOf(token), each] as const,
  );
  return new Map(entries.filter(([, { isComponent }]) => !isComponent));
}

/** The face's index: every class with its arguments, and the types in them. */
export function dynamicIndex(spec: PackageSpec): SourceText {
  return sourceText("index", [
    '// The dynamic face: what `import … from "@moorage/pulumi"` offers.',
    ...classExports(spec),
  ]);
}

/** Lines that pass on the classes of the folder, their arguments and the types in them. */
export function classExports(spec: PackageSpec): readonly string[] {
  const types = Object.entries(spec.types)
    .filter(([token]) => !isOfComponents(token))
    .flatMap(([token, type]) =>
      type.enum === undefined ? [nameOf(token), `${nameOf(token)}Output`] : [nameOf(token)],
    );
  return [
    ...[...classesOf(spec).keys()].flatMap((type) => [
      `export type { ${type}Args } from "../program/${fileName(type)}";`,
      `export { ${type} } from "./${fileName(type)}";`,
    ]),
    `export type { ${types.sort().join(", ")} } from "../program/named-types.ts";`,
  ];
}
