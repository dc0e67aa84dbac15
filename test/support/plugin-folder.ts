import { mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { REPOSITORY } from "../../tools/repository.ts";

const NAME = "pulumi-resource-moorage";

/**
 * A folder below `parent` that leads to the plugin's launcher. Pulumi writes a copy of the plugin's schema beside
 * such a folder and believes it from then on, so the repository's own is not given to it.
 */
export async function pluginFolder(parent: string): Promise<{ folder: string; launcher: string }> {
  const folder = path.join(parent, "plugin", "bin");
  await mkdir(folder, { recursive: true });
  const launcher = path.join(folder, NAME);
  await symlink(path.join(REPOSITORY, "provider", "pulumi", "bin", NAME), launcher);
  return { folder, launcher };
}
