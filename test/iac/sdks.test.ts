import assert from "node:assert/strict";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { printProgress } from "../../tools/obtain/progress.ts";
import { run } from "../../tools/obtain/run.ts";
import { REPOSITORY } from "../../tools/repository.ts";
import { writeSdks } from "../../tools/sdks.ts";
import { PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const SDK = path.join(REPOSITORY, "sdk");
const FOLDERS = ["nodejs", "python", "go/moorage"];

/** For Node; with every class, a function, a provider of its own and words that only the schema knows. */
const NODE_PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as moorage from "./sdk/index.js";
const shop = new moorage.Registry("shop", {
  location: "de/fra",
  visibility: moorage.types.enums.Visibility.Public,
});
const { registryId } = shop;
new moorage.GCSchedule("weekly", { registryId, days: ["Sunday"], time: "03:30" });
const ci = new moorage.Token("ci", {
  registryId,
  scopes: [{ type: "repository", name: "*", actions: ["pull", "push"] }],
  expiresIn: "90d",
  rotateBefore: "14d",
});
const robot = new moorage.Token("robot", { registryId });
new moorage.Scope("team", { registryId, tokenId: robot.tokenId, name: "team/*", actions: ["pull"] });
const found = moorage.getRegistryOutput({ registryId });
export const password = ci.password;
export const names = pulumi.all([shop.name, found.name]).apply(([one, other]) => one === other);
`;

const GO_PROGRAM = `package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"moorage.example/sdk/go/moorage"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		shop, err := moorage.NewRegistry(ctx, "shop", &moorage.RegistryArgs{
			Location:   pulumi.String("de/fra"),
			Visibility: moorage.VisibilityPublic,
		})
		if err != nil {
			return err
		}
		ci, err := moorage.NewToken(ctx, "ci", &moorage.TokenArgs{
			RegistryId: shop.RegistryId,
			Scopes: moorage.TokenScopeArray{moorage.TokenScopeArgs{
				Type:    moorage.ScopeTypeRepository,
				Name:    pulumi.String("*"),
				Actions: moorage.ScopeActionArray{moorage.ScopeActionPull, moorage.ScopeActionPush},
			}},
			ExpiresIn: pulumi.String("90d"),
		})
		if err != nil {
			return err
		}
		ctx.Export("password", ci.Password)
		return nil
	})
}
`;

describe("the generated SDKs", function () {
  this.timeout(600_000);
  let folder: string;
  let remove: () => Promise<void>;
  before(async () => {
    ({ path: folder, remove } = await temporaryDirectory());
  });
  after(() => remove());

  it("are as the generator makes them from schema.json", async () => {
    await writeSdks(path.join(REPOSITORY, "schema.json"), folder, printProgress);
    for (const each of FOLDERS) {
      const generated = await filesIn(path.join(folder, each));
      assert.ok(generated.size > 15, each);
      assert.deepEqual(
        [...(await filesIn(path.join(SDK, each))).keys()],
        [...generated.keys()],
        `sdk/${each}: run \`npm run generate\``,
      );
      for (const [file, text] of await filesIn(path.join(SDK, each))) {
        assert.ok(text === generated.get(file), `sdk/${each}/${file}: run \`npm run generate\``);
      }
    }
  });

  it("for Node compiles, and deploys a stack", async () => {
    const server = await RunningServer.start();
    await using stack = await PulumiStack.create(server.url);
    try {
      const target = path.join(stack.folder, "sdk");
      const tsc = path.join(REPOSITORY, "node_modules", ".bin", "tsc");
      const compiled = await run(tsc, ["-p", path.join(SDK, "nodejs"), "--outDir", target]);
      assert.equal(compiled.code, 0, compiled.output);
      await copyFile(path.join(SDK, "nodejs", "package.json"), path.join(target, "package.json"));
      await stack.findPlugin();
      await writeFile(path.join(stack.folder, "index.ts"), NODE_PROGRAM);
      assert.deepEqual(await stack.preview(), { create: 6 });
      assert.deepEqual(await stack.up(), { create: 6 });
      assert.deepEqual(await stack.up(), { same: 6 });
      const { password = "", names } = await stack.outputs();
      assert.ok(password.length >= 20);
      assert.equal(String(names), "true");
      assert.ok(!(await stack.written()).includes(password), "a file holds a secret");
      await stack.must(["destroy", "--yes", "--skip-preview"]);
    } finally {
      await server.stop();
    }
  });

  it("for Python compiles", async () => {
    const { code, output, errors } = await run("python3", [
      "-c",
      "import pathlib, sys; [compile(file.read_text(), str(file), 'exec') for file in pathlib.Path(sys.argv[1]).rglob('*.py')]",
      path.join(SDK, "python"),
    ]);
    assert.equal(code, 0, output + errors);
  });

  it("for Go compiles, and so does a program that uses it", async function () {
    // Pulumi's own module is compiled with it, once on a machine.
    this.timeout(1_800_000);
    const program = path.join(folder, "program");
    await mkdir(program);
    const required = await readFile(path.join(SDK, "go", "go.mod"), "utf8");
    const heading = `module program\n\nrequire moorage.example/sdk/go v0.0.0\n\nreplace moorage.example/sdk/go => ${SDK}/go\n`;
    await writeFile(path.join(program, "go.mod"), required.replace(/^module .*$/m, heading));
    await copyFile(path.join(SDK, "go", "go.sum"), path.join(program, "go.sum"));
    await writeFile(path.join(program, "main.go"), GO_PROGRAM);
    const environment = { ...process.env, GOWORK: "off", CGO_ENABLED: "0", GOFLAGS: "-mod=mod" };
    for (const args of [["build", "-o", "program"], ["vet"]]) {
      const { code, errors } = await run("go", [...args, "."], { folder: program, environment });
      assert.equal(code, 0, errors);
    }
  });
});

/** Texts of all files below a folder, by their path, in order. */
async function filesIn(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter(
      (file) => !/(?:^|\/)(?:node_modules|bin|__pycache__|build|[^/]+\.egg-info)\//.test(file),
    )
    .sort();
  const texts = files.map(async (file) => {
    return [file, await readFile(path.join(folder, file), "utf8")] as const;
  });
  return new Map(await Promise.all(texts));
}
