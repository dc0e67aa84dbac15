// What only the plugin's face has: functions, components, the provider, and how objects from other programs become classes.
import { classExports, withoutExamples } from "./classes.ts";
import { importOf } from "./declarations.ts";
import {
  type FunctionSpec,
  inputsOf,
  isOfComponents,
  nameOf,
  type ObjectSpec,
  type PackageSpec,
  type ResourceSpec,
} from "./package-spec.ts";
import { fileName, type SourceText, sourceText } from "./source-text.ts";
import { comment, members, type Role, TypeWriter } from "./typescript-types.ts";

const PULUMI = 'import * as pulumi from "@pulumi/pulumi";';

/** The file of a function: once as a promise, once for inputs that are outputs of resources. */
export function functionFile(spec: PackageSpec, token: string, call: FunctionSpec): SourceText {
  const name = nameOf(token);
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const types = new TypeWriter(spec);
  const block = (what: string, said: string, object: ObjectSpec, role: Role, prefix = "") => [
    comment(said),
    `export interface ${what} {`,
    ...members(object, types, role, prefix),
    "}\n",
  ];
  const { inputs, outputs } = call;
  const hasInputs = Object.keys(inputs.properties).length > 0;
  const blocks = [
    ...(hasInputs
      ? [
          ...block(`${title}Args`, `What \`${name}\` is asked with.`, inputs, "plain"),
          ...block(`${title}OutputArgs`, `What \`${name}Output\` is asked with.`, inputs, "input"),
        ]
      : []),
    ...block(`${title}Result`, `What \`${name}\` answers.`, outputs, "plain", "readonly "),
  ];
  const args = (type: string): string => (hasInputs ? `args: ${type}, ` : "");
  const given = hasInputs ? "{ ...args }" : "{}";
  const said = comment(withoutExamples(call.description));
  return sourceText(name, [
    PULUMI,
    importOf(types.used, "../program/named-types.ts"),
    'import { withVersion } from "./plugin-resource.ts";\n',
    ...blocks,
    said,
    `export async function ${name}(${args(`${title}Args`)}opts?: pulumi.InvokeOptions): Promise<${title}Result> {`,
    `  return await pulumi.runtime.invoke("${token}", ${given}, withVersion(opts));`,
    "}\n",
    said,
    `export function ${name}Output(${args(`${title}OutputArgs`)}opts?: pulumi.InvokeOutputOptions): pulumi.Output<${title}Result> {`,
    `  return pulumi.runtime.invokeOutput("${token}", ${given}, withVersion(opts));`,
    "}",
  ]);
}

/** The file of the provider, for programs that talk to more than one server. */
export function providerFile(spec: PackageSpec): SourceText {
  const types = new TypeWriter(spec);
  const { description, inputProperties } = spec.provider;
  const inputs = { description, properties: inputProperties, required: [] };
  const given = Object.entries(inputProperties).map(([name, { secret }]) =>
    secret
      ? `      ${name}: args.${name} === undefined ? undefined : pulumi.secret(args.${name}),`
      : `      ${name}: args.${name},`,
  );
  return sourceText("provider", [
    PULUMI,
    'import { VERSION } from "../plugin/version.ts";\n',
    comment("What a `Provider` is made from."),
    "export interface ProviderArgs {",
    ...members(inputs, types, "input"),
    "}\n",
    comment(withoutExamples(description)),
    "export class Provider extends pulumi.ProviderResource {",
    comment(
      `Declares a provider.
@param name the resource's name within the program
@param args which server, and as whom
@param opts how Pulumi is to treat it`,
      "  ",
    ),
    "  constructor(name: string, args: ProviderArgs = {}, opts?: pulumi.ResourceOptions) {",
    "    const properties = {",
    ...given,
    "    };",
    '    super("moorage", name, properties, pulumi.mergeOptions({ version: VERSION }, opts));',
    "  }",
    "}",
  ]);
}

/** The file of a component that the plugin makes. */
export function componentFile(
  spec: PackageSpec,
  token: string,
  component: ResourceSpec,
): SourceText {
  const type = nameOf(token);
  const types = new TypeWriter(spec);
  const args = members(inputsOf(component), types, "input");
  const outputs = members(component, types, "output", "declare readonly ");
  const isEmpty = component.requiredInputs.length === 0;
  return sourceText(type, [
    PULUMI,
    'import { VERSION } from "../plugin/version.ts";',
    'import { blank } from "../program/shape.ts";',
    importOf(types.used, "../program/named-types.ts"),
    "",
    comment(`What a \`${type}\` is made from.`),
    `export interface ${type}Args {`,
    ...args,
    "}\n",
    comment(withoutExamples(component.description)),
    `export class ${type} extends pulumi.ComponentResource {`,
    ...outputs,
    " ",
    comment(
      `Declares it.
@param name the resource's name within the program
@param args what it is to be
@param opts how Pulumi is to treat it`,
      "  ",
    ),
    `  constructor(name: string, args: ${type}Args${isEmpty ? " = {}" : ""}, opts?: pulumi.ComponentResourceOptions) {`,
    `    const outputs = blank(${JSON.stringify(Object.keys(component.properties))});`,
    `    const options = pulumi.mergeOptions({ version: VERSION }, opts);`,
    `    super("${token}", name, { ...outputs, ...args }, options, true);`,
    "  }",
    "}",
  ]);
}

/** The face's index, which also says how a reference to a resource becomes one of its classes. */
export function pluginIndex(spec: PackageSpec): SourceText {
  const components = Object.entries(spec.resources)
    .filter(([, { isComponent }]) => isComponent)
    .map(([token]) => nameOf(token));
  const componentTypes = Object.keys(spec.types).filter(isOfComponents).map(nameOf);
  const functions = Object.entries(spec.functions).map(([token, { inputs }]) => {
    const name = nameOf(token);
    const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const hasInputs = Object.keys(inputs.properties).length > 0;
    const args = hasInputs ? `type ${title}Args, type ${title}OutputArgs, ` : "";
    return `export { ${args}type ${title}Result, ${name}, ${name}Output } from "./${fileName(name)}";`;
  });
  return sourceText("index", [
    '// The plugin\'s face: what `import … from "@moorage/pulumi/plugin"` offers.',
    'import "./references.ts";',
    ...classExports(spec),
    `export type { ${componentTypes.sort().join(", ")} } from "../program/named-types.ts";`,
    ...components.map((type) => `export { ${type}, type ${type}Args } from "./${fileName(type)}";`),
    ...functions,
    'export { Provider, type ProviderArgs } from "./provider.ts";',
  ]);
}

/** The file that tells Pulumi which class stands for a type, where a value refers to a resource. */
export function referencesFile(spec: PackageSpec): SourceText {
  const classes = Object.entries(spec.resources).filter(([, { isComponent }]) => !isComponent);
  return sourceText("references", [
    'import { registerClasses } from "./register-classes.ts";',
    ...classes.map(([token]) => {
      const type = nameOf(token);
      return `import { ${type} } from "./${fileName(type)}";`;
    }),
    "",
    "registerClasses([",
    ...classes.map(([token]) => `  ["${token}", ${nameOf(token)}],`),
    "]);",
  ]);
}
