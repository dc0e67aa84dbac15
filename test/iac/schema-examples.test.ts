import assert from "node:assert/strict";
import { copyFile, cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { run } from "../../tools/obtain/run.ts";
import { REPOSITORY } from "../../tools/repository.ts";
import { gatewayCluster } from "../support/gateway-cluster.ts";
import type { KubernetesApi } from "../support/kubernetes-api.ts";
import { makeRegistry, makeToken, makeUser } from "../support/management.ts";
import { pushManifest } from "../support/push-manifest.ts";
import { RunningServer } from "../support/running-server.ts";
import { type Block, schemaExamples } from "../support/schema-examples.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { YamlStack } from "../support/yaml-stack.ts";

/*
 * What a new resource or function has as its `example` is shown in four languages by the schema, the SDKs and the reference, so
 * each of them is held to be a program that works.
 */
const MYPY = "mypy==2.4.1";

describe("an example in the schema, in YAML,", function () {
  this.timeout(300_000);
  let server: RunningServer;
  let stack: YamlStack;
  let cluster: KubernetesApi;
  before(async () => {
    server = await RunningServer.start();
    stack = await YamlStack.create(server.url);
    cluster = await gatewayCluster(["moorage", "shop"]);
    await stack.cli.must(["config", "set", "kubernetes:kubeconfig", cluster.kubeconfig]);
    // What functions ask for.
    await makeToken(server.url, await makeRegistry(server.url, "shop"), "ci");
    await makeUser(server.url, "ops@example.com", "developer");
    await pushManifest(server.url, "shop/team/app");
  });
  after(async () => {
    await stack?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
    await server?.stop();
  });

  for (const { of, text } of schemaExamples("yaml")) {
    it(`of ${of} is previewed`, async () => {
      await stack.write(text);
      await stack.cli.must(["preview"]);
    });
  }
});

describe("the examples in the schema", function () {
  this.timeout(600_000);
  let folder: string;
  let remove: () => Promise<void>;
  before(async () => {
    ({ path: folder, remove } = await temporaryDirectory());
  });
  after(() => remove?.());

  it("in TypeScript pass the type checker", async () => {
    const target = path.join(folder, "typescript");
    await writeAll(target, schemaExamples("typescript"), (name) => `${name}.ts`);
    await symlink(path.join(REPOSITORY, "node_modules"), path.join(target, "node_modules"));
    await writeFile(path.join(target, "package.json"), '{ "type": "module" }');
    const compilerOptions = { incremental: false, allowImportingTsExtensions: true };
    const config = { extends: path.join(REPOSITORY, "tsconfig.json"), compilerOptions };
    await writeFile(
      path.join(target, "tsconfig.json"),
      JSON.stringify({ ...config, include: ["*.ts"] }),
    );
    await must("tsc", ["-p", target], target);
  });

  it("in Python pass the type checker", async () => {
    const target = path.join(folder, "python");
    await writeAll(target, schemaExamples("python"), (name) => `${name}.py`);
    // Installing leaves things beside the sources.
    const sdk = path.join(folder, "sdk");
    await cp(path.join(REPOSITORY, "sdk", "python"), sdk, { recursive: true });
    const environment = path.join(folder, "environment");
    await must("python3", ["-m", "venv", environment], folder);
    const bin = path.join(environment, "bin");
    await must(path.join(bin, "pip"), ["install", "--quiet", sdk, MYPY], folder);
    const files = schemaExamples("python").map(({ of }) => `${of}.py`);
    await must(
      path.join(bin, "mypy"),
      ["--cache-dir", path.join(folder, "mypy"), ...files],
      target,
    );
  });

  it("in Go are formatted, and compile", async function () {
    // Pulumi's own module is compiled with them, once on a machine.
    this.timeout(1_800_000);
    const target = path.join(folder, "go");
    await writeAll(target, schemaExamples("go"), (name) => path.join(name, "main.go"));
    const sdk = path.join(REPOSITORY, "sdk", "go");
    const required = await readFile(path.join(sdk, "go.mod"), "utf8");
    const heading = `module examples\n\nrequire moorage.example/sdk/go v0.0.0\n\nreplace moorage.example/sdk/go => ${sdk}\n`;
    await writeFile(path.join(target, "go.mod"), required.replace(/^module .*$/m, heading));
    await copyFile(path.join(sdk, "go.sum"), path.join(target, "go.sum"));
    assert.equal(await must("gofmt", ["-l", "."], target), "");
    await must("go", ["vet", "./..."], target);
  });
});

/** Writes each program into a file of its own. */
async function writeAll(
  folder: string,
  blocks: readonly Block[],
  nameOf: (of: string) => string,
): Promise<void> {
  for (const { of, text } of blocks) {
    const file = path.join(folder, nameOf(of));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

async function must(program: string, args: readonly string[], folder: string): Promise<string> {
  const environment = { ...process.env, GOWORK: "off", CGO_ENABLED: "0", GOFLAGS: "-mod=mod" };
  const { code, output, errors } = await run(program, args, { folder, environment });
  assert.equal(code, 0, `${program}:\n${output}${errors}`);
  return output;
}
