import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import type { Lookup } from "../resources/settings.ts";

/*
 * When a run begins with the program (`up`, `preview`), the engine hands over the stack's configuration as it
 * is now, and checks every resource first. When it does without the program (`refresh`, `destroy`, and the
 * refresh before an `up`), it hands over what it remembers in state from the last `up`: a password
 * changed since would be refused. So a process that has seen no check asks the CLI, once, for the
 * configuration as it is now, and makes do with what was handed over where there is no CLI to ask.
 */

/** The stack's configuration, as a dynamic provider is handed it. */
export interface Configuration {
  get(key: string): string | undefined;
}

const CLI_MILLISECONDS_MAX = 30_000;
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;
const output = z.record(z.string(), z.object({ value: z.string().optional() }));

let isHandedOverNow = false;
const asked = new Map<string, Promise<Lookup | undefined>>();

/** Looks settings up in the configuration as it is now. */
export async function currentConfiguration(
  handedOver: Configuration,
  operation: string,
  stack: string,
): Promise<Lookup> {
  if (operation === "check") isHandedOverNow = true;
  const remembered: Lookup = (name) => handedOver.get(name);
  if (isHandedOverNow) return remembered;
  const answer = asked.get(stack) ?? askCli(stack);
  asked.set(stack, answer);
  return (await answer) ?? remembered;
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
