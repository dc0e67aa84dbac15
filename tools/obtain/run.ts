import { spawn } from "node:child_process";
import { buffer } from "node:stream/consumers";

export interface RunOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly folder?: string;
  /** What the program reads from its standard input; nothing when left out. */
  readonly input?: string;
  /** File descriptor that both outputs go to, instead of into the result. */
  readonly log?: number;
  readonly timeoutMilliseconds?: number;
}

export interface RunResult {
  /** 127 when there is no such program, as in a shell. */
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program to its end, out of sight, and tells how it went. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const sink = options.log ?? "pipe";
  const child = spawn(program, args, {
    cwd: options.folder,
    env: options.environment ?? process.env,
    stdio: [options.input === undefined ? "ignore" : "pipe", sink, sink],
    timeout: options.timeoutMilliseconds,
  });
  const ended = new Promise<number>((resolve) => {
    child.once("error", () => resolve(127));
    child.once("close", (code) => resolve(code ?? 1));
  });
  // A program that ends without reading its input is told by its exit code, not by EPIPE.
  child.stdin?.once("error", () => {});
  child.stdin?.end(options.input);
  const [code, output, errors] = await Promise.all([
    ended,
    child.stdout ? buffer(child.stdout) : Buffer.alloc(0),
    child.stderr ? buffer(child.stderr) : Buffer.alloc(0),
  ]);
  return { code, output: output.toString(), errors: errors.toString() };
}
