import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { packageSchema } from "../../provider/pulumi/src/plugin/schema.ts";
import { moduleFolder } from "../../tools/obtain/module-folder.ts";
import { obtainPulumi } from "../../tools/obtain/obtain.ts";
import { run } from "../../tools/obtain/run.ts";
import { GENSDK } from "../../tools/obtain/tool.ts";
import { REPOSITORY } from "../../tools/repository.ts";
import { pluginFolder } from "../support/plugin-folder.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const CODEGEN = "github.com/pulumi/pulumi/pkg/v3";

describe("schema.json", function () {
  this.timeout(120_000);

  it("is a package schema as Pulumi's own schema of them says", async () => {
    const folder = await moduleFolder(GENSDK, CODEGEN);
    const file = path.join(folder, "codegen", "schema", "pulumi.json");
    const metaschema = JSON.parse(await readFile(file, "utf8"));
    const ajv = new Ajv2020({
      strict: false,
      allErrors: true,
      formats: { uri: true, regex: true },
    });
    const validate = ajv.compile(metaschema);
    const text = await readFile(path.join(REPOSITORY, "schema.json"), "utf8");
    const written: Record<string, unknown> = JSON.parse(text);
    assert.ok(validate(written), ajv.errorsText(validate.errors, { separator: "\n" }));
    const broken = { ...written, resources: { "moorage:index:Registry": { properties: 1 } } };
    assert.ok(!validate(broken), "it must be a schema that finds mistakes");
  });

  it("is what `pulumi package get-schema` prints", async () => {
    const tools = await obtainPulumi(() => {});
    const home = await temporaryDirectory();
    try {
      const { launcher } = await pluginFolder(home.path);
      const { NODE_OPTIONS: _, ...inherited } = process.env;
      const { code, output, errors } = await run(tools.cli, ["package", "get-schema", launcher], {
        environment: { ...inherited, PULUMI_HOME: home.path, PULUMI_SKIP_UPDATE_CHECK: "true" },
        folder: home.path,
      });
      assert.equal(code, 0, errors);
      assert.deepEqual(JSON.parse(output), withoutEmpty(packageSchema()));
    } finally {
      await home.remove();
    }
  });
});

/** The CLI leaves out what is empty. */
function withoutEmpty(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema), (_, value: unknown) =>
    typeof value === "object" && value !== null && Object.keys(value).length === 0
      ? undefined
      : value,
  );
}
