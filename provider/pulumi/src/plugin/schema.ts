import { COMPONENT_MODULE, COMPONENTS } from "../components/all.ts";
import type { ComponentDefinition } from "../components/definition.ts";
import { QUERIES, RESOURCES } from "../resources/all.ts";
import { type Example, SHOP } from "../resources/example.ts";
import type { Query } from "../resources/query.ts";
import type { Resource } from "../resources/resource.ts";
import { SECRET_SETTINGS, settingsInputs } from "../resources/settings.ts";
import { componentInputs, componentOutputs, componentTypes } from "./component-schema.ts";
import { examples } from "./examples/blocks.ts";
import { type Inputs, Types } from "./examples/schema-lookup.ts";
import { namedTypes, type ObjectSpec, objectSpec, token, withSecrets } from "./schema-types.ts";
import { VERSION } from "./version.ts";

const PROVIDER_EXAMPLE: Example = {
  resources: {
    server: { type: "Provider", properties: { endpoint: "http://127.0.0.1:5000" } },
    shop: { ...SHOP, provider: "server" },
  },
  outputs: { endpoint: "${shop.endpoint}" },
};

/** The Pulumi package schema: everything that a program can say, made from what `resources/` declares. */
export function packageSchema(): Readonly<Record<string, unknown>> {
  const settings = withSecrets(objectSpec(settingsInputs, false), SECRET_SETTINGS).properties;
  const types = exampleTypes(settings);
  return {
    name: "moorage",
    displayName: "Moorage",
    version: VERSION,
    description: "Container registries, tokens, scopes and garbage-collection schedules as code.",
    keywords: ["pulumi", "moorage", "container", "registry", "oci", "docker", "category/cloud"],
    license: "Apache-2.0",
    publisher: "Moorage",
    attribution: "The Moorage project.",
    meta: { moduleFormat: "(.*)" },
    language: {
      nodejs: { packageName: "@moorage/pulumi-plugin", respectSchemaVersion: true },
      python: {
        packageName: "pulumi_moorage",
        respectSchemaVersion: true,
        pyproject: { enabled: true },
      },
      go: {
        importBasePath: "moorage.example/sdk/go/moorage",
        rootPackageName: "moorage",
        respectSchemaVersion: true,
      },
    },
    config: { variables: settings },
    provider: {
      description: `Which server to talk to, and as whom. What a program does not give comes from the stack's configuration, and from the environment where that says nothing.

The server may be made by the same stack: a preview does without an endpoint that is not known yet.

${examples(PROVIDER_EXAMPLE, types)}`,
      inputProperties: settings,
    },
    types: { ...namedTypes(), ...componentTypes() },
    resources: Object.fromEntries([
      ...[...RESOURCES.values()].map((each) => [token(each.type), resourceSpec(each, types)]),
      ...[...COMPONENTS].map(([type, each]) => [type, componentSpec(each, types)]),
    ]),
    functions: Object.fromEntries(
      [...QUERIES.values()].map((each) => [token(each.name), functionSpec(each, types)]),
    ),
  };
}

/** What examples are written by: the inputs of everything that they can name. */
function exampleTypes(settings: Inputs): Types {
  const specs = [
    ...[...RESOURCES.values()].map(({ type, inputs }) => [type, inputs] as const),
    ...[...QUERIES.values()].map(({ name, inputs }) => [name, inputs] as const),
  ].map(([name, inputs]) => [name, objectSpec(inputs, false).properties] as const);
  const components = [...COMPONENTS.values()].map(
    (each) => [`${COMPONENT_MODULE}:${each.type}`, componentInputs(each)] as const,
  );
  return new Types(
    { ...namedTypes(), ...componentTypes() },
    new Map([
      ["Provider", settings],
      ...specs,
      ...components.map(([name, { properties }]) => [name, properties] as const),
    ]),
    new Map(components.map(([name, { required }]) => [name, required])),
  );
}

function resourceSpec(resource: Resource, types: Types): unknown {
  const { type, description, example, inputs, outputs, importId, isAutoNamed, secrets } = resource;
  const { replacing = [] } = resource;
  const given = objectSpec(inputs, false);
  const mirrored = objectSpec(inputs, true);
  const own = objectSpec(outputs, true);
  const required = [...mirrored.required, ...own.required];
  const { properties } = withSecrets(
    { properties: { ...mirrored.properties, ...own.properties }, required },
    secrets,
  );
  return {
    description: `${description}\n\n${examples(example, types)}\n${importing(type, importId)}`,
    properties,
    required: isAutoNamed ? [...required, "name"] : required,
    inputProperties: withReplacing(withSecrets(given, secrets), replacing).properties,
    requiredInputs: given.required,
  };
}

function withReplacing(
  { properties, required }: ObjectSpec,
  replacing: readonly string[],
): ObjectSpec {
  const marked = Object.entries(properties).map(([key, property]) => [
    key,
    replacing.includes(key) ? { ...property, willReplaceOnChanges: true } : property,
  ]);
  return { properties: Object.fromEntries(marked), required };
}

function importing(type: string, importId: readonly string[]): string {
  if (importId.length === 0) return "";
  const id = importId.map((part) => `<${part}>`).join("/");
  return `\n## Import\n\n\`\`\`sh\npulumi import ${token(type)} name '${id}'\n\`\`\`\n`;
}

function componentSpec(component: ComponentDefinition, types: Types): unknown {
  const { properties, required } = componentInputs(component);
  return {
    description: `${component.description}\n\n${examples(component.example, types)}\n`,
    isComponent: true,
    ...componentOutputs(component),
    inputProperties: properties,
    requiredInputs: required,
  };
}

function functionSpec({ description, example, inputs, outputs }: Query, types: Types): unknown {
  return {
    description: `${description}\n\n${examples(example, types)}\n`,
    inputs: { type: "object", ...objectSpec(inputs, false) },
    outputs: { type: "object", ...objectSpec(outputs, true) },
  };
}
