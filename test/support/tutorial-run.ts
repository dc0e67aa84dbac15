import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type RunResult, run } from "../../tools/obtain/run.ts";
import { findRunning } from "../../tools/quickstart/pid-file.ts";
import { REPOSITORY, toolsFolder } from "../../tools/repository.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";
import { withoutThisRun } from "./fresh-clone.ts";
import { recording } from "./recorded-answers.ts";
import { shellBlocks } from "./shell-blocks.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const BLOCK_MILLISECONDS_MAX = 600_000;
const PAGE = "docs/tutorial.md";
/** Podman by the name of docker, with the option that the page tells its users to add. */
const DOCKER = `#!/bin/sh
command="$1"
shift
case "$command" in
  login | pull | push) exec podman "$command" --tls-verify=false "$@" ;;
  *) exec podman "$command" "$@" ;;
esac
`;

/**
 * The tutorial, by its shell blocks: word for word, but for the address of the repository, which the page cannot know, and the
 * server's port, which may be taken.
 */
export class TutorialRun {
  /** The clone, once the page's first commands have made it. */
  readonly folder: string;
  readonly #place: string;
  readonly #host: string;
  readonly #blocks = shellBlocks(PAGE);
  readonly #environment: NodeJS.ProcessEnv;
  readonly #remove: () => Promise<void>;

  private constructor(place: { path: string; remove: () => Promise<void> }, port: number) {
    this.#place = place.path;
    this.#remove = place.remove;
    this.#host = `127.0.0.1:${port}`;
    this.folder = path.join(place.path, "moorage");
    const recorder = recording();
    const inherited = withoutThisRun(process.env);
    this.#environment = {
      ...inherited,
      ...recorder.environment,
      NODE_OPTIONS: recorder.import,
      PATH: [path.join(place.path, "bin"), inherited["PATH"]].join(path.delimiter),
      npm_config_prefer_offline: "true",
      MOORAGE_LISTEN: this.#host,
      MOORAGE_TOOLS_DIR: toolsFolder(process.env),
      REGISTRY_AUTH_FILE: path.join(place.path, "auth.json"),
      CONTAINERS_STORAGE_CONF: path.join(place.path, "storage.conf"),
      XDG_RUNTIME_DIR: path.join(place.path, "run"),
    };
  }

  static async open(): Promise<TutorialRun> {
    const place = await temporaryDirectory();
    const inPlace = (name: string) => path.join(place.path, name);
    await mkdir(inPlace("bin"));
    await mkdir(inPlace("run"), { mode: 0o700 });
    await writeFile(inPlace("bin/docker"), DOCKER);
    await chmod(inPlace("bin/docker"), 0o755);
    await writeFile(inPlace("auth.json"), "{}", { mode: 0o600 });
    const storage = `[storage]\ndriver = "vfs"\ngraphroot = "${inPlace("images")}"\nrunroot = "${inPlace("run/images")}"\n`;
    await writeFile(inPlace("storage.conf"), storage);
    return new TutorialRun(place, await freePort());
  }

  /** Runs the shell blocks below a heading in one shell, as a reader does; they must succeed. */
  async step(heading: string, isFirst = false): Promise<string> {
    const { code, output, errors } = await this.#shell(heading, isFirst);
    assert.equal(code, 0, `${heading} ended with ${code}:\n${output}\n${errors}`);
    return output + errors;
  }

  /** The same where the last command must fail. */
  async refused(heading: string): Promise<string> {
    const { code, output, errors } = await this.#shell(heading, false);
    assert.notEqual(code, 0, `${heading} must fail, and printed:\n${output}\n${errors}`);
    return output + errors;
  }

  /** Changes a file of the clone as the page says. */
  async change(file: string, from: string, to: string): Promise<void> {
    const target = path.join(this.folder, file);
    const text = await readFile(target, "utf8");
    assert.ok(text.includes(from), `${file} has no ${from}`);
    await writeFile(target, text.replace(from, to));
  }

  /** Headings whose shell blocks have not been run. */
  get left(): readonly string[] {
    return [...this.#blocks.keys()];
  }

  /** Runs a command in the clone that the page names in passing. */
  async command(script: string): Promise<string> {
    const { code, output, errors } = await this.#run(script, this.folder);
    assert.equal(code, 0, `${script} ended with ${code}:\n${output}\n${errors}`);
    return output + errors;
  }

  /** Stops the server, whatever has happened, and removes everything. */
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

  async #shell(heading: string, isFirst: boolean): Promise<RunResult> {
    const blocks = this.#blocks.get(heading);
    assert.ok(blocks, `the tutorial has no shell block below "${heading}"`);
    this.#blocks.delete(heading);
    const script = blocks
      .join("\n")
      .replace("<this repository>", REPOSITORY)
      .replaceAll("127.0.0.1:5000", this.#host);
    return await this.#run(script, isFirst ? this.#place : this.folder);
  }

  async #run(script: string, folder: string): Promise<RunResult> {
    return await run("bash", ["-euo", "pipefail", "-c", script], {
      folder,
      environment: this.#environment,
      timeoutMilliseconds: BLOCK_MILLISECONDS_MAX,
    });
  }
}
