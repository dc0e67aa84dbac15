// Where a tool comes from, in this order: PATH, if what is there is recent enough; the makers'
// installer (Pulumi only); a build from Go modules into the tools folder.
import { realpath } from "node:fs/promises";
import path from "node:path";
import { toolsFolder } from "../repository.ts";
import { buildFromModules, findBuilt } from "./build-from-modules.ts";
import { findExecutable, pathFolders } from "./find-executable.ts";
import { installPulumi } from "./official-installer.ts";
import type { Progress } from "./progress.ts";
import { addDynamicProviderShim } from "./pulumi-sdk.ts";
import { run } from "./run.ts";
import { PULUMI_CLI, PULUMI_LANGUAGE_NODEJS, type Tool } from "./tool.ts";
import { findVersion, isAtLeast } from "./version.ts";

/** Paths of the two executables that run a Pulumi program written for Node. */
export interface PulumiTools {
  readonly cli: string;
  readonly languageHost: string;
}

export async function obtainPulumi(
  progress: Progress,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<PulumiTools> {
  const folder = toolsFolder(environment);
  const build = (tool: Tool) => buildFromModules(tool, folder, progress, environment);
  const complete =
    (await findRecentOnPath(PULUMI_CLI, progress, environment)) ??
    (await installUnlessBuilt(folder, progress, environment));
  if (complete) {
    // The host that came with the CLI fits it best.
    const folders = [path.dirname(complete), path.dirname(await realpath(complete))];
    const host = await findExecutable(PULUMI_LANGUAGE_NODEJS.name, folders);
    return { cli: complete, languageHost: host ?? (await build(PULUMI_LANGUAGE_NODEJS)) };
  }
  const cli = await build(PULUMI_CLI);
  const languageHost = await build(PULUMI_LANGUAGE_NODEJS);
  await addDynamicProviderShim(cli);
  return { cli, languageHost };
}

/** A tool whose version does not matter to the tests that call it. */
export async function obtainClient(
  tool: Tool,
  progress: Progress,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  return (
    (await findRecentOnPath(tool, progress, environment)) ??
    (await buildFromModules(tool, toolsFolder(environment), progress, environment))
  );
}

async function installUnlessBuilt(
  folder: string,
  progress: Progress,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (await findBuilt(PULUMI_CLI, folder)) return undefined;
  return installPulumi(folder, progress, environment);
}

async function findRecentOnPath(
  tool: Tool,
  progress: Progress,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (tool.isOurs) return undefined;
  const found = await findExecutable(tool.name, pathFolders(environment));
  if (!found || !tool.versionMin) return found;
  const version = findVersion((await run(found, ["version"], { environment })).output);
  if (version && isAtLeast(version, tool.versionMin)) return found;
  progress(
    `${found} is ${version ?? "of no known version"}; ${tool.versionMin} or newer is needed`,
  );
  return undefined;
}
