import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RunResult, run } from "../../tools/obtain/run.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const CLIENT_MILLISECONDS_MAX = 120_000;

/** A home of its own for registry clients: what they remember, credentials too, stays in it and goes with it. */
export class ClientHome {
  readonly path: string;
  readonly remove: () => Promise<void>;
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(
    path: string,
    remove: () => Promise<void>,
    environment: Readonly<Record<string, string>>,
  ) {
    this.path = path;
    this.remove = remove;
    this.#environment = environment;
  }

  /** `environment` is for every client that runs here. */
  static async make(environment: Readonly<Record<string, string>> = {}): Promise<ClientHome> {
    const { path, remove } = await temporaryDirectory();
    await mkdir(join(path, "run"), { mode: 0o700 });
    await mkdir(join(path, "docker"));
    await writeFile(join(path, "auth.json"), "{}", { mode: 0o600 });
    return new ClientHome(path, remove, environment);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Runs a client, whether it succeeds or not. */
  try(program: string, ...args: readonly string[]): Promise<RunResult> {
    return run(program, args, {
      folder: this.path,
      timeoutMilliseconds: CLIENT_MILLISECONDS_MAX,
      environment: {
        PATH: process.env["PATH"],
        HOME: this.path,
        TMPDIR: this.path,
        XDG_RUNTIME_DIR: this.file("run"),
        DOCKER_CONFIG: this.file("docker"),
        REGISTRY_AUTH_FILE: this.file("auth.json"),
        REGCTL_CONFIG: this.file("regctl.json"),
        ...this.#environment,
      },
    });
  }

  /** Runs a client that must succeed, and returns what it printed. */
  async run(program: string, ...args: readonly string[]): Promise<string> {
    const { code, output, errors } = await this.try(program, ...args);
    assert.equal(code, 0, `${program} ${args[0]} ended with ${code}:\n${errors}${output}`);
    return output;
  }

  /** Runs a client that must fail, and returns what it complained of. */
  async fail(program: string, ...args: readonly string[]): Promise<string> {
    const { code, output, errors } = await this.try(program, ...args);
    assert.notEqual(code, 0, `${program} ${args[0]} should have failed:\n${errors}${output}`);
    return errors + output;
  }
}
