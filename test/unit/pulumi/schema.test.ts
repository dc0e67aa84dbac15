import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { COMPONENTS } from "../../../provider/pulumi/src/components/all.ts";
import { packageSchema } from "../../../provider/pulumi/src/plugin/schema.ts";
import { VERSION } from "../../../provider/pulumi/src/plugin/version.ts";
import { QUERIES, RESOURCES } from "../../../provider/pulumi/src/resources/all.ts";
import { described, LANGUAGES, schemaExamples } from "../../support/schema-examples.ts";

const ROOT = path.join(import.meta.dirname, "../../..");

const property = z.object({ description: z.string() });
const properties = z.record(z.string(), property);
const object = z.object({ properties, required: z.array(z.string()) });
const spec = z.object({
  config: z.object({ variables: properties }),
  types: z.record(z.string(), z.object({ description: z.string() })),
  resources: z.record(
    z.string(),
    object.extend({
      description: z.string(),
      inputProperties: properties,
      requiredInputs: z.array(z.string()),
    }),
  ),
  functions: z.record(
    z.string(),
    z.object({ description: z.string(), inputs: object, outputs: object }),
  ),
});

describe("the package's schema", () => {
  const schema = spec.parse(packageSchema());
  const resourceOf = (type: string) => {
    const found = schema.resources[`moorage:index:${type}`];
    assert.ok(found, type);
    return found;
  };

  it("is written down in schema.json as it is served", () => {
    const written = readFileSync(path.join(ROOT, "schema.json"), "utf8");
    const served = `${JSON.stringify(packageSchema(), null, 2)}\n`;
    assert.ok(written === served, "schema.json is out of date: run `npm run generate`");
  });

  it("has the version of all packages", () => {
    for (const file of ["package.json", "provider/pulumi/package.json", "sdk/core/package.json"]) {
      const manifest = JSON.parse(readFileSync(path.join(ROOT, file), "utf8"));
      assert.equal(manifest.version, VERSION, file);
    }
  });

  it("has every resource and every function", () => {
    const names = (keys: Iterable<string>) => [...keys].map((key) => `moorage:index:${key}`);
    const resources = [...names(RESOURCES.keys()), ...COMPONENTS.keys()];
    assert.deepEqual(Object.keys(schema.resources), resources);
    assert.deepEqual(Object.keys(schema.functions), names(QUERIES.keys()));
  });

  it("shows an example of each in four languages", () => {
    const each = described().map(({ of }) => of);
    for (const language of LANGUAGES) {
      const shown = schemaExamples(language).map(({ of }) => of);
      assert.deepEqual(shown, each, `${language}: give what is missing an \`example\``);
    }
  });

  it("describes each input and each output, and requires what is always there", () => {
    for (const resource of RESOURCES.values()) {
      const found = resourceOf(resource.type);
      const inputs = Object.keys(resource.inputs.shape).filter((key) => key !== "resourceName");
      assert.deepEqual(Object.keys(found.inputProperties), inputs);
      const outputs = [...inputs, ...Object.keys(resource.outputs.shape)];
      assert.deepEqual(Object.keys(found.properties), outputs);
      for (const secret of resource.secrets) assert.ok(outputs.includes(secret), secret);
    }
    assert.deepEqual(resourceOf("Token").requiredInputs, ["registryId"]);
    assert.deepEqual(resourceOf("Token").required, [
      "registryId",
      "status",
      "oneTime",
      "description",
      "tokenId",
      "username",
      "password",
      "dockerConfigJson",
      "dockerLogin",
      "name",
    ]);
  });
});
