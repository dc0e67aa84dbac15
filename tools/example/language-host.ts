import path from "node:path";
import { findExecutable } from "../obtain/find-executable.ts";
import { obtainClient } from "../obtain/obtain.ts";
import type { Progress } from "../obtain/progress.ts";
import {
  PULUMI_LANGUAGE_GO,
  PULUMI_LANGUAGE_PYTHON,
  PULUMI_LANGUAGE_YAML,
  type Tool,
} from "../obtain/tool.ts";

/** By what stands as `runtime` in a project. The one for `nodejs` always comes with the CLI. */
const HOSTS: Readonly<Record<string, Tool>> = {
  yaml: PULUMI_LANGUAGE_YAML,
  python: PULUMI_LANGUAGE_PYTHON,
  go: PULUMI_LANGUAGE_GO,
};

/** The folder of the host that runs programs of this language, unless the CLI finds it beside itself. */
export async function languageHostFolder(
  runtime: string,
  cli: string,
  progress: Progress,
): Promise<string | undefined> {
  const tool = HOSTS[runtime];
  if (!tool || (await findExecutable(tool.name, [path.dirname(cli)]))) return undefined;
  return path.dirname(await obtainClient(tool, progress));
}
