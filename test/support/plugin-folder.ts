import { mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { REPOSITORY } from "../../tools/repository.ts";

const NAME = "pulumi-resource-moorage";
const KUBERNETES = "pulumi-resource-kubernetes";
/** Where the stand-in of Pulumi's Kubernetes provider is: the engine finds it on `PATH`. */
export const KUBERNETES_PROVIDER = path.join(REPOSITORY, "test", "support", "kubernetes-provider");

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

/** The same for the stand-in of Pulumi's Kubernetes provider, whose schema programs in YAML ask for. */
export async function kubernetesProviderFolder(parent: string): Promise<string> {
  const folder = path.join(parent, "kubernetes", "bin");
  await mkdir(folder, { recursive: true });
  await symlink(path.join(KUBERNETES_PROVIDER, KUBERNETES), path.join(folder, KUBERNETES));
  return folder;
}
