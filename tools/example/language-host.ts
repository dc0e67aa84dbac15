import { chmod, copyFile } from "node:fs/promises";
import path from "node:path";
import { findExecutable } from "../obtain/find-executable.ts";
import { moduleFolder, obtainClient } from "../obtain/obtain.ts";
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
const PYTHON_EXECUTOR = "pulumi-language-python-exec";

/** The folder of the host that runs programs of this language, unless the CLI finds it beside itself. */
export async function languageHostFolder(
  runtime: string,
  cli: string,
  progress: Progress,
): Promise<string | undefined> {
  const tool = HOSTS[runtime];
  if (!tool || (await findExecutable(tool.name, [path.dirname(cli)]))) return undefined;
  const folder = path.dirname(await obtainClient(tool, progress));
  if (tool === PULUMI_LANGUAGE_PYTHON) await addPythonExecutor(folder);
  return folder;
}

/** The host wants the script that starts programs beside itself. */
async function addPythonExecutor(folder: string): Promise<void> {
  if (await findExecutable(PYTHON_EXECUTOR, [folder])) return;
  const module = await moduleFolder(PULUMI_LANGUAGE_PYTHON, "github.com/pulumi/pulumi/sdk/v3");
  const target = path.join(folder, PYTHON_EXECUTOR);
  await copyFile(path.join(module, "python", "cmd", PYTHON_EXECUTOR), target);
  await chmod(target, 0o755);
}
