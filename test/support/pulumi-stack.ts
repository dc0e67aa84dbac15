import assert from "node:assert/strict";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { obtainPulumi } from "../../tools/obtain/obtain.ts";
import { type RunResult, run } from "../../tools/obtain/run.ts";
import { preparePulumi } from "../../tools/quickstart/environment.ts";
import { REPOSITORY } from "../../tools/repository.ts";
import { OWNER } from "./management.ts";
import { pluginFolder } from "./plugin-folder.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const PROJECT = `name: iac-test
runtime: { name: nodejs, options: { typescript: false } }
main: index.ts
`;
/** What a program imports; nothing else in it says which provider it is for. */
export type Face = "@moorage/pulumi" | "@moorage/pulumi/plugin";
const COMMAND_MILLISECONDS_MAX = 240_000;

/** Counts of resources by what a run did to them, as in `{ create: 2, same: 1 }`. */
export type Changes = Readonly<Record<string, number>>;

/** A real stack: a program of its own in a folder outside the repository, deployed by the Pulumi CLI. */
export class PulumiStack implements AsyncDisposable {
  readonly folder: string;
  readonly #cli: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #remove: () => Promise<void>;

  private constructor(
    folder: string,
    cli: string,
    environment: NodeJS.ProcessEnv,
    remove: () => Promise<void>,
  ) {
    this.folder = folder;
    this.#cli = cli;
    this.#environment = environment;
    this.#remove = remove;
  }

  /**
   * Makes an empty stack that deploys to the server at this address, as its owner; `folders` hold
   * programs that the CLI is to find; a stack whose state comes from elsewhere has the passphrase of
   * that state.
   */
  static async create(
    url: string,
    folders: readonly string[] = [],
    passphrase?: string,
  ): Promise<PulumiStack> {
    const { path: folder, remove } = await temporaryDirectory();
    const tools = await obtainPulumi(() => {});
    if (passphrase !== undefined) {
      await mkdir(path.join(folder, "backend"), { recursive: true });
      await writeFile(path.join(folder, "backend", "passphrase"), passphrase);
    }
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const environment = await preparePulumi(tools, path.join(folder, "backend"), {
      ...inherited,
      PATH: [...folders, inherited["PATH"]].join(path.delimiter),
      MOORAGE_ENDPOINT: url,
      MOORAGE_USERNAME: OWNER.username,
      MOORAGE_PASSWORD: OWNER.password,
    });
    await writeFile(path.join(folder, "Pulumi.yaml"), PROJECT);
    await writeFile(path.join(folder, "package.json"), '{ "type": "module" }');
    await symlink(path.join(REPOSITORY, "node_modules"), path.join(folder, "node_modules"));
    const stack = new PulumiStack(folder, tools.cli, environment, remove);
    await stack.must(["stack", "init", "test"]);
    return stack;
  }

  /** Writes the stack's program, which can use `pulumi` and the classes of one of the package's faces. */
  async write(program: string, face: Face = "@moorage/pulumi"): Promise<void> {
    const imports = `import * as pulumi from "@pulumi/pulumi";
import { GCSchedule, Registry, Repository, Scope, Token, User } from "${face}";
`;
    await writeFile(path.join(this.folder, "index.ts"), imports + program);
  }

  /** Has the program's resources looked after by the plugin, run from source. */
  async findPlugin(): Promise<void> {
    const { folder } = await pluginFolder(this.folder);
    await this.writeProject(
      `${PROJECT}plugins:\n  providers:\n    - name: moorage\n      path: ${folder}\n`,
    );
  }

  /** Writes the project instead: of another language, or with the plugin. */
  async writeProject(yaml: string): Promise<void> {
    await writeFile(path.join(this.folder, "Pulumi.yaml"), yaml);
  }

  /** Runs a command of the CLI; `environment` takes the place of what the stack was made with. */
  async run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<RunResult> {
    return await run(this.#cli, ["--non-interactive", ...args], {
      environment: { ...this.#environment, ...environment },
      folder: this.folder,
      timeoutMilliseconds: COMMAND_MILLISECONDS_MAX,
    });
  }

  /** Runs a command that must succeed. */
  async must(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const { code, output, errors } = await this.run(args, environment);
    assert.equal(code, 0, `pulumi ${args.join(" ")}:\n${output}\n${errors}`);
    return output + errors;
  }

  /** Deploys the program, and tells what that changed. */
  async up(...args: string[]): Promise<Changes> {
    await this.must(["up", "--yes", "--skip-preview", ...args]);
    return await this.lastChanges();
  }

  /** What a preview says that the next `up` will change. */
  async preview(): Promise<Changes> {
    const { output } = await this.run(["preview", "--json"]);
    return JSON.parse(output).changeSummary;
  }

  /** Deploys a program that must not deploy; returns all that was printed. */
  async upRefused(environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const result = await this.run(["up", "--yes", "--skip-preview"], environment);
    const printed = result.output + result.errors;
    assert.notEqual(result.code, 0, `the deployment must fail:\n${printed}`);
    return printed;
  }

  /** What the last run did. */
  async lastChanges(): Promise<Changes> {
    const { output } = await this.run(["stack", "history", "--json", "--page-size", "1"]);
    return JSON.parse(output)[0].resourceChanges;
  }

  /** The stack's outputs, secrets included. */
  async outputs(): Promise<Record<string, string>> {
    const { output } = await this.run(["stack", "output", "--json", "--show-secrets"]);
    return JSON.parse(output);
  }

  /** Everything that the CLI has written: state, history, backups, configuration. */
  async written(): Promise<string> {
    const texts: string[] = [];
    for (const entry of await readdir(this.folder, { recursive: true, withFileTypes: true })) {
      // The listing follows the link to the installed packages, which the CLI has not written.
      if (!entry.isFile() || /\/(?:home|node_modules)/.test(entry.parentPath)) continue;
      texts.push(await readFile(path.join(entry.parentPath, entry.name), "utf8"));
    }
    return texts.join("\n");
  }

  /** A folder that the program and the test share. */
  async shared(): Promise<string> {
    const folder = path.join(this.folder, "shared");
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#remove();
  }
}
