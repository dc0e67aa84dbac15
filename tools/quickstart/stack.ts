import { z } from "zod";
import type { Credentials } from "./credentials.ts";
import type { PulumiCli } from "./pulumi-cli.ts";
import type { Settings } from "./settings.ts";

const STACKS = z.array(z.object({ name: z.string(), resourceCount: z.number().optional() }));
const HISTORY = z.array(z.object({ resourceChanges: z.record(z.string(), z.number()).optional() }));
const OUTPUTS = z.record(z.string(), z.unknown());

/** Selects the stack, made if it is missing, and tells it which server to deploy to and as whom. */
export async function configureStack(
  pulumi: PulumiCli,
  settings: Settings,
  credentials: Credentials,
): Promise<void> {
  await pulumi.read(["stack", "select", "--create", settings.stackName]);
  await pulumi.read(["config", "set", "moorage:endpoint", settings.endpoint]);
  await pulumi.read(["config", "set", "moorage:username", credentials.username]);
  // Through standard input: other users of the machine can read a command line.
  await pulumi.read(["config", "set", "--secret", "moorage:password"], credentials.password);
}

export async function hasResources(pulumi: PulumiCli, settings: Settings): Promise<boolean> {
  const stacks = STACKS.parse(JSON.parse(await pulumi.read(["stack", "ls", "--json"])));
  const stack = stacks.find(({ name }) => name === settings.stackName);
  return (stack?.resourceCount ?? 0) > 0;
}

/** Whether the last update found everything as the program declares it. */
export async function didLastUpdateChangeNothing(pulumi: PulumiCli): Promise<boolean> {
  const text = await pulumi.read(["stack", "history", "--json", "--page-size", "1"]);
  const [last] = HISTORY.parse(JSON.parse(text));
  return Object.keys(last?.resourceChanges ?? { none: 0 }).every((kind) => kind === "same");
}

/** The stack's outputs, secrets masked. */
export async function readOutputs(pulumi: PulumiCli): Promise<Record<string, unknown>> {
  return OUTPUTS.parse(JSON.parse(await pulumi.read(["stack", "output", "--json"])));
}
