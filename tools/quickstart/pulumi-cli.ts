import { spawn } from "node:child_process";
import { constants } from "node:os";
import { obtainPulumi } from "../obtain/obtain.ts";
import type { Progress } from "../obtain/progress.ts";
import { run } from "../obtain/run.ts";
import { Problem } from "../problem.ts";
import { REPOSITORY } from "../repository.ts";
import { preparePulumi } from "./environment.ts";
import type { Settings } from "./settings.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The Pulumi CLI, run in the root project with the quickstart's settings. */
export class PulumiCli {
  readonly #cli: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(cli: string, environment: NodeJS.ProcessEnv) {
    this.#cli = cli;
    this.#environment = environment;
  }

  static async obtain(settings: Settings, progress: Progress): Promise<PulumiCli> {
    const tools = await obtainPulumi(progress);
    const environment = await preparePulumi(tools, settings.pulumiFolder);
    return new PulumiCli(tools.cli, { ...environment, PULUMI_STACK: settings.stackName });
  }

  /** What the command prints, out of sight. */
  async read(args: readonly string[], input?: string): Promise<string> {
    const result = await run(this.#cli, ["--non-interactive", ...args], {
      environment: this.#environment,
      folder: REPOSITORY,
      ...(input === undefined ? {} : { input }),
    });
    if (result.code === 0) return result.output;
    throw new Problem(`pulumi ${args.slice(0, 2).join(" ")}: ${errorIn(result.errors)}`);
  }

  /** Runs a command before the person's eyes; the result is its exit code. */
  async show(args: readonly string[]): Promise<number> {
    const child = spawn(this.#cli, args, {
      cwd: REPOSITORY,
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
