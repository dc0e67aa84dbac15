import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import type { Lookup } from "./settings.ts";

const CLI_MILLISECONDS_MAX = 30_000;
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;
const output = z.record(z.string(), z.object({ value: z.string().optional() }));

const asked = new Map<string, Promise<Lookup | undefined>>();

/**
 * A stack's configuration as it is now, which the engine does not hand over where it runs without the
 * program. The CLI tells it, and is asked once; undefined where there is none to ask.
 */
export function stackConfiguration(stack: string): Promise<Lookup | undefined> {
  const answer = asked.get(stack) ?? askCli(stack);
  asked.set(stack, answer);
  return answer;
}

async function askCli(stack: string): Promise<Lookup | undefined> {
  const args = ["config", "--json", "--show-secrets", "--non-interactive", "--stack", stack];
  const options = { timeout: CLI_MILLISECONDS_MAX, maxBuffer: OUTPUT_BYTES_MAX };
  try {
    const { stdout } = await promisify(execFile)("pulumi", args, options);
    const values = output.parse(JSON.parse(stdout));
    return (name) => values[name]?.value;
  } catch {
    // No CLI on PATH, or a stack that was renamed since: never a reason to fail.
    return undefined;
  }
}
