import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { findExecutable } from "./find-executable.ts";
import { type Progress, remindWhile } from "./progress.ts";
import { run } from "./run.ts";
import { PULUMI_CLI } from "./tool.ts";

const SCRIPT_URL = "https://get.pulumi.com";
const CONNECT_SECONDS_MAX = 5;
const SCRIPT_SECONDS_MAX = 30;
const INSTALL_MILLISECONDS_MAX = 300_000;

/**
 * The Pulumi CLI as its makers' install script puts it, language hosts included, into a folder of
 * our own; nothing outside of it is changed. Nothing is returned where the script cannot be had.
 */
export async function installPulumi(
  toolsFolder: string,
  progress: Progress,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const root = path.join(toolsFolder, `pulumi-${PULUMI_CLI.version}`);
  const installed = await findExecutable(PULUMI_CLI.name, [path.join(root, "bin")]);
  if (installed) return installed;
  progress(`Trying the installer of the Pulumi CLI (${SCRIPT_URL})`);
  // curl, because the script itself needs it and because it honours the machine's proxy settings.
  const limits = [
    "--connect-timeout",
    `${CONNECT_SECONDS_MAX}`,
    "--max-time",
    `${SCRIPT_SECONDS_MAX}`,
  ];
  const script = await run("curl", ["-fsSL", ...limits, SCRIPT_URL], { environment });
  if (script.code !== 0) {
    progress("  it cannot be reached from here");
    return undefined;
  }
  return runInstaller(script.output, root, progress, environment);
}

async function runInstaller(
  script: string,
  root: string,
  progress: Progress,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), "moorage-installer-"));
  try {
    const file = path.join(folder, "install.sh");
    await writeFile(file, script);
    const settings = ["--version", PULUMI_CLI.version, "--install-root", root, "--no-edit-path"];
    const installing = run("sh", [file, ...settings], {
      environment,
      timeoutMilliseconds: INSTALL_MILLISECONDS_MAX,
    });
    const result = await remindWhile(installing, (elapsed) => {
      progress(`  … still installing (${elapsed})`);
    });
    if (result.code !== 0) {
      progress(`  it failed: ${result.errors.trimEnd().split("\n").at(-1)}`);
      await rm(root, { recursive: true, force: true });
      return undefined;
    }
    return findExecutable(PULUMI_CLI.name, [path.join(root, "bin")]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
