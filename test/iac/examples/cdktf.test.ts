import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { ExampleRun } from "../../support/example-run.ts";
import { objectsOfTerraform } from "../../support/terraform-objects.ts";

describe("the example with CDKTF", function () {
  this.timeout(120_000);
  let example: ExampleRun;
  let folder: string;
  before(async () => {
    example = await ExampleRun.open("cdktf");
    folder = path.join(example.folder, "examples", "cdktf");
  });
  after(() => example?.close());

  /** What was synthesised: the objects, and that the password is a variable and no text. */
  const check = async (output: string): Promise<void> => {
    const { stacks } = JSON.parse(await readFile(path.join(output, "manifest.json"), "utf8"));
    assert.deepEqual(Object.keys(stacks), ["moorage"]);
    const file = path.join(output, stacks.moorage.synthesizedStackPath);
    const objects = objectsOfTerraform(await readFile(file, "utf8"));
    for (const kind of ["StatefulSet", "Gateway", "ServiceAccount"]) {
      assert.ok(
        objects.some((object) => object.kind === kind),
        kind,
      );
    }
    const secret = objects.find(({ kind }) => kind === "Secret");
    const reference = ["$", "{var.docker_config_json}"].join("");
    assert.deepEqual(secret?.["stringData"], { ".dockerconfigjson": reference });
  };

  it("is synthesised by plain Node, as its README says", async () => {
    await example.step("Synthesise");
    await check(path.join(folder, "cdktf.out"));
    assert.deepEqual(example.left, []);
  });

  it("is synthesised as `cdktf synth` would: by the command of its cdktf.json, in cdktf-cli's environment", async () => {
    const { app } = JSON.parse(await readFile(path.join(folder, "cdktf.json"), "utf8"));
    const output = path.join(example.folder, "elsewhere");
    // npx puts the installed programs on PATH, Node among them.
    const programs = `PATH="${path.join(example.folder, "node_modules", ".bin")}:$PATH"`;
    await example.shell(`cd examples/cdktf && ${programs} && ${app}`, {
      CDKTF_OUTDIR: output,
      CDKTF_CONTEXT_JSON: JSON.stringify({ cdktfRelativeModules: [] }),
      CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: "true",
      SYNTH_HCL_OUTPUT: "false",
      NODE_OPTIONS: "--max-old-space-size=4096",
    });
    await check(output);
  });
});
