import assert from "node:assert/strict";
import { mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { run } from "../../tools/obtain/run.ts";
import { REPOSITORY } from "../../tools/repository.ts";
import { type Face, PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const INSTALLED = path.join(REPOSITORY, "node_modules");
/** As for whoever has not cloned the repository. */
const WITHOUT_SOURCES = { NODE_OPTIONS: "" };

const program = (face: Face): string => `
import * as pulumi from "@pulumi/pulumi";
import { Registry, type RegistryArgs, type TokenScope, Token } from "${face}";
const args: RegistryArgs = { location: "de/fra", visibility: "public" };
const shop = new Registry("shop", args);
const scopes: TokenScope[] = [{ type: "repository", name: "*", actions: ["pull"] }];
const ci = new Token("ci", { registryId: shop.registryId, scopes });
export const password: pulumi.Output<string> = ci.password;
`;

describe("@moorage/pulumi, as it is packed for npm", function () {
  this.timeout(300_000);
  let packages: string;
  let remove: () => Promise<void>;
  before(async () => {
    ({ path: packages, remove } = await temporaryDirectory());
    for (const [workspace, script] of [
      ["sdk/core", "build"],
      ["provider/pulumi", "emit"],
    ] as const) {
      await must("npm", ["run", "--silent", script, "-w", workspace], REPOSITORY);
      const packing = ["pack", "--silent", "--pack-destination", packages, "-w", workspace];
      await must("npm", packing, REPOSITORY);
    }
  });
  after(() => remove?.());

  for (const face of ["@moorage/pulumi", "@moorage/pulumi/plugin"] as const) {
    it(`has types for programs that import ${face}, and deploys them`, async () => {
      const server = await RunningServer.start();
      await using stack = await PulumiStack.create(server.url);
      try {
        if (face === "@moorage/pulumi/plugin") await stack.findPlugin();
        await install(stack.folder);
        await writeFile(path.join(stack.folder, "index.ts"), program(face));
        const checking = ["--noEmit", "--strict", "--module", "nodenext", "--skipLibCheck"];
        await must("tsc", [...checking, "--types", "node", "index.ts"], stack.folder);
        await stack.must(["up", "--yes", "--skip-preview"], WITHOUT_SOURCES);
        assert.deepEqual(await stack.lastChanges(), { create: 3 });
        await stack.must(["preview", "--expect-no-changes"], WITHOUT_SOURCES);
        await stack.must(["destroy", "--yes", "--skip-preview"], WITHOUT_SOURCES);
      } finally {
        await server.stop();
      }
    });
  }

  /** Our packages as they are packed, and beside them what npm has installed here for them. */
  async function install(folder: string): Promise<void> {
    const modules = path.join(folder, "node_modules");
    await rm(modules);
    await mkdir(path.join(modules, "@moorage"), { recursive: true });
    for (const name of await readdir(INSTALLED)) {
      if (/^@moorage$|^\./.test(name)) continue;
      await symlink(path.join(INSTALLED, name), path.join(modules, name));
    }
    for (const archive of await readdir(packages)) {
      const [, name = ""] = /^moorage-(\w+)-/.exec(archive) ?? [];
      const target = path.join(modules, "@moorage", name);
      await mkdir(target);
      const extraction = ["-xzf", path.join(packages, archive), "--strip-components=1"];
      await must("tar", [...extraction, "-C", target], folder);
    }
  }
});

async function must(program: string, args: readonly string[], folder: string): Promise<void> {
  const { code, output, errors } = await run(program, args, { folder });
  assert.equal(code, 0, `${program} ${args.join(" ")}:\n${output}${errors}`);
}
