import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { RESOURCES } from "../../../provider/pulumi/src/resources/all.ts";
import { readPackage } from "../../../tools/faces/package-spec.ts";
import { resourcePage } from "../../../tools/reference/resource-page.ts";
import { REPOSITORY } from "../../../tools/repository.ts";
import { described } from "../../support/schema-examples.ts";

describe("the reference of Pulumi resources", () => {
  const spec = readPackage();
  const page = resourcePage(spec);

  it("is as `npm run generate` writes it from the schema", async () => {
    const file = path.join(REPOSITORY, "docs", "reference", "pulumi-resources.md");
    assert.ok((await readFile(file, "utf8")) === page, "run `npm run generate`");
  });

  it("has a section with an example in four languages for everything that a program can name", () => {
    for (const { of } of described()) {
      const section = sectionOf(of);
      for (const language of ["typescript", "python", "go", "yaml"]) {
        assert.match(section, new RegExp(`^\`\`\`${language}$`, "m"), `${of}: ${language}`);
      }
    }
  });

  for (const [type, { inputs, outputs, importId, replacing = [], secrets }] of RESOURCES) {
    it(`says of ${type} what is required, secret, and makes a new one, what it has, and how it is imported`, () => {
      const section = sectionOf(type);
      const marks = new Map(
        [...section.matchAll(/^\| `(\w+)` \| ([*\w ]*) \| /gm)].map(([, name, text]) => [
          name,
          text,
        ]),
      );
      const { requiredInputs = [] } = spec.resources[`moorage:index:${type}`] ?? {};
      for (const name of Object.keys(inputs.shape).filter((each) => each !== "resourceName")) {
        assert.deepEqual(
          (marks.get(name) ?? "").match(/\w/g) ?? [],
          [
            ...(requiredInputs.includes(name) ? ["r"] : []),
            ...(secrets.includes(name) ? ["s"] : []),
            ...(replacing.includes(name) ? ["n"] : []),
          ],
          name,
        );
      }
      for (const name of Object.keys(outputs.shape)) assert.ok(section.includes(`| \`${name}\` |`));
      const id = importId.map((part) => `<${part}>`).join("/");
      assert.ok(importId.length === 0 || section.includes(`name '${id}'`));
    });
  }

  function sectionOf(name: string): string {
    const [, heading = ""] = new RegExp(`^(#+) ${name}$`, "m").exec(page) ?? [];
    assert.notEqual(heading, "", name);
    const [, after = ""] = page.split(`\n${heading} ${name}\n`);
    return after.split(new RegExp(`^#{2,${heading.length}} `, "m"))[0] ?? "";
  }
});
