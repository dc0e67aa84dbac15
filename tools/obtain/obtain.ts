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
  const onPath = await findRecentOnPath(PULUMI_CLI, progress, environment);
  if (onPath) return withLanguageHost(onPath, pathFolders(environment), folder, progress);
  const installed =
    (await findBuilt(PULUMI_CLI, folder)) === undefined
      ? await installPulumi(folder, progress)
      : undefined;
  if (installed) return withLanguageHost(installed, [], folder, progress);
  const cli = await buildFromModules(PULUMI_CLI, folder, progress);
  const languageHost = await buildFromModules(PULUMI_LANGUAGE_NODEJS, folder, progress);
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
    (await buildFromModules(tool, toolsFolder(environment), progress))
  );
}

/** The host that came with the CLI fits it best. */
async function withLanguageHost(
  cli: string,
  otherFolders: readonly string[],
  folder: string,
  progress: Progress,
): Promise<PulumiTools> {
  const folders = [path.dirname(cli), path.dirname(await realpath(cli)), ...otherFolders];
  const languageHost =
    (await findExecutable(PULUMI_LANGUAGE_NODEJS.name, folders)) ??
    (await buildFromModules(PULUMI_LANGUAGE_NODEJS, folder, progress));
  return { cli, languageHost };
}

async function findRecentOnPath(
  tool: Tool,
  progress: Progress,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const found = await findExecutable(tool.name, pathFolders(environment));
  if (!found || !tool.versionMin) return found;
  const version = findVersion((await run(found, ["version"], { environment })).output);
  if (version && isAtLeast(version, tool.versionMin)) return found;
  progress(
    `${found} is ${version ?? "of no known version"}; ${tool.versionMin} or newer is needed`,
  );
  return undefined;
}
