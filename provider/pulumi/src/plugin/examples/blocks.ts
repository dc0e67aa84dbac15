import type { Example } from "../../resources/example.ts";
import { inGo } from "./go.ts";
import { inPython } from "./python.ts";
import type { Types } from "./schema-lookup.ts";
import { inTypeScript } from "./typescript.ts";
import { inYaml } from "./yaml.ts";

/** An example in all languages, in Pulumi's notation, by which readers see that of one language at a time. */
export function examples(example: Example, types: Types): string {
  const programs = {
    typescript: inTypeScript(example),
    python: inPython(example, types),
    go: inGo(example, types),
    yaml: inYaml(example),
  };
  const blocks = Object.entries(programs).map(
    ([language, text]) => `\`\`\`${language}\n${text}\n\`\`\``,
  );
  return `{{% examples %}}
## Example Usage
{{% example %}}

${blocks.join("\n")}

{{% /example %}}
{{% /examples %}}`;
}
