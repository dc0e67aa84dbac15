import assert from "node:assert/strict";
import path from "node:path";
import { run } from "../../tools/obtain/run.ts";
import { REPOSITORY } from "../../tools/repository.ts";
import { PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";

const PACKAGE = path.join(REPOSITORY, "provider", "pulumi");
const PROGRAM = `
name: iac-test
runtime: yaml
resources:
  shop:
    type: moorage:Registry
    properties: { location: de/fra }
`;

describe("the plugin's bundle", function () {
  this.timeout(240_000);
  before(async () => {
    const { code, errors } = await run("node", ["build.ts"], { folder: PACKAGE });
    assert.equal(code, 0, errors);
  });

  it("is installed by the CLI, and serves a stack that does not say where it is", async () => {
    const server = await RunningServer.start();
    await using stack = await PulumiStack.create(server.url);
    try {
      await stack.writeProject(PROGRAM);
      const bundle = path.join(PACKAGE, "dist", "bundle");
      await stack.must(["plugin", "install", "resource", "moorage", "0.1.0", "--file", bundle]);
      assert.match(await stack.must(["plugin", "ls"]), /moorage\s+resource\s+0\.1\.0/);
      assert.deepEqual(await stack.up(), { create: 2 });
      assert.deepEqual(await stack.up(), { same: 2 });
      await stack.must(["destroy", "--yes", "--skip-preview"]);
    } finally {
      await server.stop();
    }
  });

  it("says which Node it needs, to one that is too old for it", async () => {
    const old = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })`;
    const program = path.join(PACKAGE, "dist", "bundle", "main.cjs");
    const { code, errors, output } = await run(
      "node",
      ["--import", `data:text/javascript,${old}`, program],
      { timeoutMilliseconds: 30_000 },
    );
    assert.equal(code, 1);
    assert.equal(output, "");
    assert.equal(
      errors,
      "the Moorage plugin needs Node 22 or newer, and the `node` on the PATH is 20.20.2\n",
    );
  });
});
