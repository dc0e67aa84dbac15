// The page of everything that a Pulumi program can say, from the package's schema.
import { withoutExamples } from "../faces/classes.ts";
import {
  inputsOf,
  nameOf,
  type ObjectSpec,
  type PackageSpec,
  type PropertySpec,
  type ResourceSpec,
  type TypeSpec,
} from "../faces/package-spec.ts";

/** Where more is said than a reference should. */
const SEE_ALSO: Readonly<Record<string, string>> = {
  Registry: "[adopt existing registries](../how-to/adopt-existing-registries.md)",
  Token: "[rotate a token](../how-to/rotate-a-token.md)",
  Scope: "[scopes in the management API](management-api.md#token)",
  GCSchedule: "[collect garbage](../how-to/collect-garbage.md)",
  User: "[manage people and organizations](../how-to/manage-people-and-organizations.md)",
  Provider: "[settings](configuration.md#the-pulumi-provider)",
  PullSecret: "[let pods pull](../how-to/let-pods-pull.md)",
  RegistryServer: "[run on Kubernetes](../how-to/run-on-kubernetes.md)",
};
const LANGUAGES = { typescript: "TypeScript", python: "Python", go: "Go", yaml: "YAML" } as const;

/** The page's text. */
export function resourcePage(spec: PackageSpec): string {
  const all = Object.entries(spec.resources).map(([token, each]) => [token, each] as const);
  const resources = all.filter(([, { isComponent }]) => !isComponent);
  const components = all.filter(([, { isComponent }]) => isComponent);
  const objects = Object.entries(spec.types).filter(([, type]) => type.enum === undefined);
  return `${[
    "# Pulumi resources",
    "Written by `npm run generate` from [`schema.json`](../../schema.json), which says what a Pulumi program can say. [The two faces](pulumi-faces.md) of the provider for TypeScript have the same resources; functions, components and the provider's own settings are the plugin's. In the columns of inputs, **r** is required, **s** is secret (encrypted in state, masked in output), and a change of **n** makes a new resource.",
    ...resources.flatMap(([token, each]) => resourceSection(spec, nameOf(token), each)),
    ...(components.length > 0
      ? ["## Components", ...components.flatMap(([token, each]) => component(spec, token, each))]
      : []),
    "## Functions",
    "They ask the server and change nothing.",
    ...Object.entries(spec.functions).flatMap(([token, { description, inputs, outputs }]) => [
      `### ${nameOf(token)}`,
      withoutExamples(description),
      ...inputTable(spec, inputs, "###"),
      "#### Answer",
      table(["output", "type", "meaning"], outputs, (name, property) => [
        code(name),
        typeText(spec, property),
        property.description,
      ]),
      ...examplesOf(description, "####"),
    ]),
    "## Provider",
    withoutExamples(spec.provider.description),
    seeAlso("Provider"),
    ...inputTable(spec, settingsOf(spec), "##"),
    ...examplesOf(spec.provider.description, "###"),
    "## Types",
    ...objects.flatMap(([token, type]) => [
      `### ${nameOf(token)}`,
      type.description,
      fields(spec, type),
    ]),
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

function resourceSection(spec: PackageSpec, type: string, resource: ResourceSpec): string[] {
  const inputs = inputsOf(resource);
  const own = Object.entries(resource.properties).filter(([key]) => !(key in inputs.properties));
  const mirrored = Object.keys(inputs.properties).map(code).join(", ");
  const outputs = table(
    ["output", "type", "meaning"],
    { ...resource, properties: Object.fromEntries(own) },
    (name, property) => [code(name), typeText(spec, property), secretly(property)],
  );
  const imported = /## Import\s+([\s\S]*?```)\s*$/.exec(resource.description)?.[1] ?? "";
  return [
    `## ${type}`,
    withoutExamples(resource.description),
    seeAlso(type),
    ...inputTable(spec, inputs, "##"),
    "### Outputs",
    own.length > 0 ? outputs : "",
    mirrored === "" ? "" : `And its inputs: ${mirrored}.`,
    ...examplesOf(resource.description, "###"),
    imported === "" ? "" : `### Import\n\n${imported.replace("```sh", "```console")}`,
  ];
}

function component(spec: PackageSpec, token: string, resource: ResourceSpec): string[] {
  const type = nameOf(token);
  const { description } = resource;
  return [
    `### ${type}`,
    `\`${token}\`. ${withoutExamples(description)}`,
    seeAlso(type),
    ...inputTable(spec, inputsOf(resource), "###"),
    "#### Outputs",
    table(["output", "type", "meaning"], resource, (name, property) => [
      code(name),
      typeText(spec, property),
      secretly(property),
    ]),
    ...examplesOf(description, "####"),
  ];
}

function inputTable(spec: PackageSpec, object: ObjectSpec, level: string): string[] {
  if (Object.keys(object.properties).length === 0) return [];
  return [`${level}# Inputs`, fields(spec, object)];
}

function fields(spec: PackageSpec, object: ObjectSpec): string {
  return table(["input", "", "type", "meaning"], object, (name, property) => [
    code(name),
    marksOf(property, object.required.includes(name)),
    typeText(spec, property),
    property.description,
  ]);
}

function settingsOf({ provider }: PackageSpec): ObjectSpec {
  return { description: "", properties: provider.inputProperties, required: [] };
}

function marksOf(property: PropertySpec, isRequired: boolean): string {
  const marks = { r: isRequired, s: property.secret, n: property.willReplaceOnChanges };
  return Object.entries(marks)
    .flatMap(([mark, isSet]) => (isSet ? [`**${mark}**`] : []))
    .join(" ");
}

function secretly({ description, secret }: PropertySpec): string {
  return secret && !/\bsecret\b/i.test(description) ? `${description} Secret.` : description;
}

function table(
  heads: readonly string[],
  object: ObjectSpec,
  row: (name: string, property: PropertySpec) => readonly string[],
): string {
  const rows = Object.entries(object.properties).map(([name, each]) => row(name, each));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\s+/g, " ").replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

function typeText(spec: PackageSpec, type: TypeSpec): string {
  if (type.oneOf !== undefined) return type.oneOf.map((each) => typeText(spec, each)).join(" or ");
  if (type.type === "array") return `list of ${typeText(spec, type.items ?? {})}`;
  if (type.type === "object") return `map of ${typeText(spec, type.additionalProperties ?? {})}`;
  if (type.$ref === undefined) return type.type ?? "any value";
  const named = spec.types[type.$ref.replace("#/types/", "")];
  if (named === undefined) return "any value";
  const name = nameOf(type.$ref);
  if (named.enum === undefined) return `[${code(name)}](#${name.toLowerCase()})`;
  return named.enum.map(({ value }) => code(value)).join(", ");
}

function examplesOf(description: string, level: string): string[] {
  const blocks = Object.entries(LANGUAGES).flatMap(([language, title]) => {
    const found = new RegExp(`\`\`\`${language}\\n[\\s\\S]*?\\n\`\`\``).exec(description)?.[0];
    const summary = `<details><summary>${title}</summary>`;
    return found === undefined ? [] : [`${summary}\n\n${found}\n\n</details>`];
  });
  return blocks.length === 0 ? [] : [`${level} Example`, ...blocks];
}

function seeAlso(name: string): string {
  const found = SEE_ALSO[name];
  return found === undefined ? "" : `See also: ${found}.`;
}

function code(text: string): string {
  return `\`${text}\``;
}
