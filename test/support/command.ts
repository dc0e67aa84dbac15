import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const MAIN = join(import.meta.dirname, "../../provider/server/src/main.ts");

export interface CommandOutcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a command of the server's program in a process of its own. */
export async function runProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CommandOutcome> {
  const child = spawn(process.execPath, ["--conditions=@moorage/source", MAIN, ...args], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code: child.exitCode, output, errors };
}

/** The value that a command has printed behind a name. */
export function printed({ output }: CommandOutcome, name: string): string {
  const line = output.split("\n").find((each) => each.startsWith(`${name}: `));
  return line?.slice(name.length + 2) ?? "";
}

/** Runs a command and kills it after a while; one that ends before is fine. */
export async function killedAfter(
  milliseconds: number,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(process.execPath, ["--conditions=@moorage/source", MAIN, ...args], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: "ignore",
  });
  const ended = once(child, "close");
  const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
  await ended;
  clearTimeout(timer);
}

/** Runs a command and kills it as soon as `isTime` says so; `false`: it ended before. */
export async function killedWhen(
  isTime: () => boolean,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<boolean> {
  const child = spawn(process.execPath, ["--conditions=@moorage/source", MAIN, ...args], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: "ignore",
  });
  const ended = once(child, "close");
  const timer = setInterval(() => isTime() && child.kill("SIGKILL"), 1);
  await ended;
  clearInterval(timer);
  return child.signalCode === "SIGKILL";
}
