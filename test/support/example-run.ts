import assert from "node:assert/strict";
import { cp, mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { run } from "../../tools/obtain/run.ts";
import { findRunning } from "../../tools/quickstart/pid-file.ts";
import { REPOSITORY, toolsFolder } from "../../tools/repository.ts";
import { repositoryFiles } from "../architecture/repository-files.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";
import { withoutThisRun } from "./fresh-clone.ts";
import { recording } from "./recorded-answers.ts";
import { shellBlocks } from "./shell-blocks.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const BLOCK_MILLISECONDS_MAX = 600_000;

/**
 * An example, run as its README says: in a copy of the project's files with their packages installed, by the shell
 * blocks of the page, word for word.
 */
export class ExampleRun {
  readonly folder: string;
  readonly url: string;
  readonly #name: string;
  readonly #blocks: Map<string, string[]>;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #remove: () => Promise<void>;

  private constructor(
    name: string,
    place: { path: string; remove: () => Promise<void> },
    port: number,
    environment: NodeJS.ProcessEnv,
  ) {
    this.folder = path.join(place.path, "clone");
    this.url = `http://127.0.0.1:${port}`;
    this.#name = name;
    this.#blocks = shellBlocks(`examples/${name}/README.md`);
    this.#remove = place.remove;
    const recorder = recording();
    this.#environment = {
      ...withoutThisRun(process.env),
      ...recorder.environment,
      MOORAGE_LISTEN: `127.0.0.1:${port}`,
      MOORAGE_WORKERS: "1",
      MOORAGE_TOOLS_DIR: toolsFolder(process.env),
      DOCKER_CONFIG: path.join(place.path, "docker"),
      REGISTRY_AUTH_FILE: path.join(place.path, "docker", "config.json"),
      ...environment,
      NODE_OPTIONS: [recorder.import, environment["NODE_OPTIONS"]].filter(Boolean).join(" "),
    };
  }

  /** `environment` is for all that runs in it, the server too. */
  static async open(name: string, environment: NodeJS.ProcessEnv = {}): Promise<ExampleRun> {
    const place = await temporaryDirectory();
    const example = new ExampleRun(name, place, await freePort(), environment);
    for (const file of repositoryFiles().filter((each) => !/^(?:test|bench|docs)\//.test(each))) {
      await cp(path.join(REPOSITORY, file), path.join(example.folder, file));
    }
    await symlink(path.join(REPOSITORY, "node_modules"), path.join(example.folder, "node_modules"));
    await mkdir(path.join(place.path, "docker"));
    return example;
  }

  /** Runs the shell blocks below a heading of the README, which must succeed; returns all that they print. */
  async step(heading: string): Promise<string> {
    let printed = "";
    for (const block of this.#take(heading)) printed += await this.shell(block);
    return printed;
  }

  /** The same for several headings in one shell, which keeps its variables; returns all that is printed. */
  async story(...headings: readonly string[]): Promise<string> {
    return this.shell(headings.flatMap((heading) => this.#take(heading)).join("\n"));
  }

  #take(heading: string): readonly string[] {
    const blocks = this.#blocks.get(heading);
    assert.ok(blocks, `the README has no shell block below "${heading}"`);
    this.#blocks.delete(heading);
    return blocks;
  }

  /** Runs a script in the copy, which must succeed; returns what it prints. */
  async shell(script: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const { code, output, errors } = await run("bash", ["-euo", "pipefail", "-c", script], {
      folder: this.folder,
      environment: { ...this.#environment, ...environment },
      timeoutMilliseconds: BLOCK_MILLISECONDS_MAX,
    });
    assert.equal(code, 0, `${script}\nended with ${code}:\n${output}\n${errors}`);
    return output + errors;
  }

  /** Runs a script that must fail; returns what it prints. */
  async refused(script: string): Promise<string> {
    const { code, output, errors } = await run("bash", ["-euo", "pipefail", "-c", script], {
      folder: this.folder,
      environment: this.#environment,
      timeoutMilliseconds: BLOCK_MILLISECONDS_MAX,
    });
    assert.notEqual(code, 0, `${script}\nmust fail, and printed:\n${output}\n${errors}`);
    return output + errors;
  }

  /** A command of the Pulumi CLI on the example's stack, as its README would have it typed. */
  async pulumi(args: string): Promise<string> {
    return this.shell(
      `npm run --silent example -- ${this.#name} ${args} 2>"$DOCKER_CONFIG/errors"`,
    );
  }

  /** The stack's outputs, secrets included. */
  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.pulumi("stack output --json --show-secrets"));
  }

  /** Headings whose shell blocks have not been run. */
  get left(): readonly string[] {
    return [...this.#blocks.keys()];
  }

  /** Stops the server, whatever has happened to the stack, and removes the copy. */
  async close(): Promise<void> {
    const pidFile = path.join(this.folder, ".moorage", "server.pid");
    const server = await findRunning(pidFile);
    if (server) {
      process.kill(server.pid, "SIGTERM");
      await eventually("the server to be gone", async () =>
        (await findRunning(pidFile)) ? undefined : true,
      );
    }
    await this.#remove();
  }
}
