import type { Example } from "../../resources/example.ts";

/** An example as a program in Pulumi YAML. */
export function inYaml({ resources = {}, functions = {}, outputs }: Example): string {
  const declared = Object.entries(resources).map(([name, { type, properties, provider }]) => [
    name,
    {
      type: type === "Provider" ? "pulumi:providers:moorage" : `moorage:${type}`,
      properties,
      ...(provider !== undefined && { options: { provider: `\${${provider}}` } }),
    },
  ]);
  const asked = Object.entries(functions).map(([name, { name: call, inputs }]) => [
    name,
    { "fn::invoke": { function: `moorage:${call}`, arguments: inputs } },
  ]);
  const sections = {
    ...(declared.length > 0 && { resources: Object.fromEntries(declared) }),
    ...(asked.length > 0 && { variables: Object.fromEntries(asked) }),
    outputs,
  };
  return block(sections, "").join("\n");
}

function block(value: object, indentation: string): string[] {
  return Object.entries(value).flatMap(([key, each]: [string, unknown]) => {
    const start = `${indentation}${scalar(key)}:`;
    if (Array.isArray(each) && each.some(isBlock)) {
      return [start, ...each.flatMap((one) => listItem(one, `${indentation}  `))];
    }
    if (!isBlock(each)) return [`${start} ${flow(each)}`];
    return [start, ...block(each, `${indentation}  `)];
  });
}

function listItem(value: unknown, indentation: string): string[] {
  if (!isBlock(value)) return [`${indentation}- ${flow(value)}`];
  const [first = "", ...others] = block(value, `${indentation}  `);
  return [`${indentation}- ${first.trimStart()}`, ...others];
}

function isBlock(value: unknown): value is object {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && Object.keys(value).length > 0;
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inFlow).join(", ")}]`;
  return typeof value === "string" ? scalar(value) : JSON.stringify(value);
}

/** Within brackets, braces mean something else. */
function inFlow(value: unknown): string {
  const text = flow(value);
  return text.startsWith("${") ? JSON.stringify(text) : text;
}

/** Quoted where it would not be taken for the same text. */
function scalar(text: string): string {
  const isPlain = /^(?:\$\{[\w.]+\}|[A-Za-z0-9/](?:[\w./@*-]|:(?=[\w/:]))*)$/.test(text);
  const isOther = /^(?:true|false|null|yes|no|on|off|[\d.]+(?:e\d+)?|\d+(?::\d+)+)$/i.test(text);
  return isPlain && !isOther ? text : JSON.stringify(text);
}
