import { spawn } from "node:child_process";
import { constants } from "node:os";
import path from "node:path";
import { obtainPulumi } from "../obtain/obtain.ts";
import type { Progress } from "../obtain/progress.ts";
import { run } from "../obtain/run.ts";
import { Problem } from "../problem.ts";
import { REPOSITORY } from "../repository.ts";
import { preparePulumi } from "./environment.ts";
import type { Settings } from "./settings.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The Pulumi CLI, run with the quickstart's settings: in the root project, unless another folder is given. */
export class PulumiCli {
  readonly #cli: string;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(cli: string, folder: string, environment: NodeJS.ProcessEnv) {
    this.#cli = cli;
    this.#folder = folder;
    this.#environment = environment;
  }

  static async obtain(
    settings: Settings,
    progress: Progress,
    folder = REPOSITORY,
  ): Promise<PulumiCli> {
    const tools = await obtainPulumi(progress);
    const environment = await preparePulumi(tools, settings.pulumiFolder);
    const stack = { PULUMI_STACK: settings.stackName };
    return new PulumiCli(tools.cli, folder, { ...environment, ...stack });
  }

  /** Where the command's executable stands; the language hosts that came with it are its neighbours. */
  get executable(): string {
    return this.#cli;
  }

  /** The same with other variables in its environment. */
  with(environment: NodeJS.ProcessEnv): PulumiCli {
    return new PulumiCli(this.#cli, this.#folder, { ...this.#environment, ...environment });
  }

  /** The same, which also finds the programs of a folder. */
  withPrograms(folder: string): PulumiCli {
    return this.with({ PATH: [this.#environment["PATH"], folder].join(path.delimiter) });
  }

  /** What the command prints, out of sight. */
  async read(args: readonly string[], input?: string): Promise<string> {
    const result = await run(this.#cli, ["--non-interactive", ...args], {
      environment: this.#environment,
      folder: this.#folder,
      ...(input === undefined ? {} : { input }),
    });
    if (result.code === 0) return result.output;
    throw new Problem(`pulumi ${args.slice(0, 2).join(" ")}: ${errorIn(result.errors)}`);
  }

  /** Runs a command before the person's eyes; the result is its exit code. */
  async show(args: readonly string[]): Promise<number> {
    const child = spawn(this.#cli, args, {
      cwd: this.#folder,
      env: this.#environment,
      stdio: "inherit",
    });
    // A terminal sends Ctrl-C to both; the CLI must be left to put its state in order. What is
    // sent to us alone goes on to it.
    const pass = (signal: NodeJS.Signals) => {
      if (!process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, pass);
    try {
      return await new Promise<number>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (code, signal) => {
          resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
        });
      });
    } finally {
      for (const signal of SIGNALS) process.off(signal, pass);
    }
  }
}

function errorIn(errors: string): string {
  const lines = errors.trimEnd().split("\n");
  const line = lines.find((candidate) => candidate.startsWith("error: ")) ?? lines.at(-1) ?? "";
  return line.replace(/^error: /, "");
}
