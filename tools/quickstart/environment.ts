import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathFolders } from "../obtain/find-executable.ts";
import type { PulumiTools } from "../obtain/obtain.ts";
import { PULUMI_SDK } from "../obtain/pulumi-sdk.ts";
import { REPOSITORY } from "../repository.ts";

const NODE_SETTINGS = [
  // Workspace packages are loaded from their TypeScript sources.
  "--conditions=@moorage/source",
  // The Pulumi SDK probes for features whose warnings say nothing to the person who waits.
  "--disable-warning=ExperimentalWarning",
];

/**
 * The environment in which the Pulumi CLI runs a program from source, without an account: a local
 * file back end, the CLI's own files and a generated passphrase, all in `folder`, which is made if
 * it is missing.
 */
export async function preparePulumi(
  tools: PulumiTools,
  folder: string,
  inherited: NodeJS.ProcessEnv = process.env,
): Promise<NodeJS.ProcessEnv> {
  await mkdir(path.join(folder, "home"), { recursive: true, mode: 0o700 });
  await ensurePassphrase(passphraseFile(folder));
  return pulumiEnvironment(tools, folder, inherited);
}

export function pulumiEnvironment(
  tools: PulumiTools,
  folder: string,
  inherited: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const { PULUMI_CONFIG_PASSPHRASE: _, NODE_OPTIONS: nodeOptions, ...others } = inherited;
  return {
    ...others,
    PATH: searchPath(tools, inherited),
    NODE_OPTIONS: [nodeOptions, ...NODE_SETTINGS].filter(Boolean).join(" "),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_HOME: path.join(folder, "home"),
    // A file and not PULUMI_CONFIG_PASSPHRASE: programs and plugins inherit the environment.
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(folder),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/**
 * Node 26 first, for programs; then the CLI with its language host. Last, for a CLI that came
 * without it, the SDK's folder with the plugin that serves dynamic providers.
 */
function searchPath(tools: PulumiTools, inherited: NodeJS.ProcessEnv): string {
  const folders = [
    path.join(REPOSITORY, "node_modules", ".bin"),
    path.dirname(tools.cli),
    path.dirname(tools.languageHost),
    ...pathFolders(inherited),
    PULUMI_SDK,
  ];
  return [...new Set(folders)].join(path.delimiter);
}

/** Generated once: whoever loses it loses the secrets in the stack's state. */
async function ensurePassphrase(file: string): Promise<void> {
  try {
    await writeFile(file, randomBytes(32).toString("base64url"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
  }
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}

function passphraseFile(folder: string): string {
  return path.join(folder, "passphrase");
}
