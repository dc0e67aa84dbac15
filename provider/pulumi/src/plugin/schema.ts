import { QUERIES, RESOURCES } from "../resources/all.ts";
import type { Query } from "../resources/query.ts";
import type { Resource } from "../resources/resource.ts";
import { SECRET_SETTINGS, settingsInputs } from "../resources/settings.ts";
import { namedTypes, type ObjectSpec, objectSpec, token } from "./schema-types.ts";
import { VERSION } from "./version.ts";

/** The Pulumi package schema: everything that a program can say, made from what `resources/` declares. */
export function packageSchema(): Readonly<Record<string, unknown>> {
  const settings = withSecrets(objectSpec(settingsInputs, false), SECRET_SETTINGS).properties;
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

${examples("resources", `server:\n  type: pulumi:providers:moorage\n  properties:\n    endpoint: http://127.0.0.1:5000`)}`,
      inputProperties: settings,
    },
    types: namedTypes(),
    resources: Object.fromEntries(
      [...RESOURCES.values()].map((each) => [token(each.type), resourceSpec(each)]),
    ),
    functions: Object.fromEntries(
      [...QUERIES.values()].map((each) => [token(each.name), functionSpec(each)]),
    ),
  };
}

function resourceSpec(resource: Resource): unknown {
  const { type, description, example, inputs, outputs, importId, isAutoNamed, secrets } = resource;
  const given = objectSpec(inputs, false);
  const mirrored = objectSpec(inputs, true);
  const own = objectSpec(outputs, true);
  const required = [...mirrored.required, ...own.required];
  const { properties } = withSecrets(
    { properties: { ...mirrored.properties, ...own.properties }, required },
    secrets,
  );
  const id = importId.map((part) => `<${part}>`).join("/");
  return {
    description: `${description}

${examples("resources", example)}

## Import

\`\`\`sh
pulumi import ${token(type)} name '${id}'
\`\`\`
`,
    properties,
    required: isAutoNamed ? [...required, "name"] : required,
    inputProperties: withSecrets(given, secrets).properties,
    requiredInputs: given.required,
  };
}

function functionSpec({ description, example, inputs, outputs }: Query): unknown {
  return {
    description: `${description}\n\n${examples("variables", example)}\n`,
    inputs: { type: "object", ...objectSpec(inputs, false) },
    outputs: { type: "object", ...objectSpec(outputs, true) },
  };
}

function withSecrets({ properties, required }: ObjectSpec, secrets: readonly string[]): ObjectSpec {
  const marked = Object.entries(properties).map(([key, property]) => [
    key,
    secrets.includes(key) ? { ...property, secret: true } : property,
  ]);
  return { properties: Object.fromEntries(marked), required };
}

/** In Pulumi's notation, which shows a reader the examples of one language at a time. */
function examples(section: string, yaml: string): string {
  const indented = yaml.replace(/^/gm, "  ");
  return `{{% examples %}}
## Example Usage
{{% example %}}

\`\`\`yaml
${section}:
${indented}
\`\`\`

{{% /example %}}
{{% /examples %}}`;
}
