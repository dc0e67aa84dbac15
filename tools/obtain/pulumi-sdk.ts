import { copyFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { REPOSITORY } from "../repository.ts";

const SHIM = "pulumi-resource-pulumi-nodejs";

/** Folder of the Pulumi SDK that the provider is written against. */
export const PULUMI_SDK = path.dirname(
  createRequire(path.join(REPOSITORY, "provider", "pulumi", "package.json")).resolve(
    "@pulumi/pulumi/package.json",
  ),
);

/**
 * Puts the plugin that serves dynamic providers beside the CLI, as an official installation has
 * it. The CLI would find it on PATH too, but then it warns on every run.
 */
export async function addDynamicProviderShim(cli: string): Promise<void> {
  await copyFile(path.join(PULUMI_SDK, SHIM), path.join(path.dirname(cli), SHIM));
}
