import { z } from "zod";
import { DeploymentError } from "./deployment-error.ts";

/** Credentials for one registry, or for all registries of a host. */
export interface RegistryLogin {
  /** What stands before a repository's name in an image reference, such as `registry.example.com/shop`. */
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

const dockerConfig = z.object({
  auths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/** The content of a `config.json` that holds these credentials. */
export function dockerConfigJson(logins: readonly RegistryLogin[]): string {
  return mergeDockerConfigs(logins.map((login) => JSON.stringify({ auths: entryOf(login) })));
}

/**
 * One `config.json` from several. Where registries share a host and each has an entry of its own, as with path addressing, the
 * entries of the bare host contradict each other and are left out: Kubernetes, podman and skopeo find the others by their path.
 * @throws DeploymentError where two entries contradict each other for another reason
 */
export function mergeDockerConfigs(configs: readonly string[]): string {
  if (configs.length === 0) throw new DeploymentError("credentials: at least one is needed");
  const entries = configs.map(parse).flatMap((auths) => Object.entries(auths));
  const auths = new Map<string, unknown>();
  for (const [registry, entry] of entries) {
    const same = entries.filter(([other]) => other === registry);
    if (new Set(same.map(([, each]) => JSON.stringify(each))).size === 1) {
      auths.set(registry, entry);
    } else if (!entries.some(([other]) => other.startsWith(`${registry}/`))) {
      throw new DeploymentError(
        `credentials: there are several for ${registry}; one pull secret can hold one for each registry`,
      );
    }
  }
  return JSON.stringify({ auths: Object.fromEntries(auths) });
}

function parse(config: string): Record<string, unknown> {
  try {
    return dockerConfig.parse(JSON.parse(config)).auths;
  } catch {
    // Neither the text nor the parser's message is shown: both may hold a password.
    throw new DeploymentError(
      'credentials: dockerConfigJson must be JSON of the form {"auths": {"<registry>": {…}}}',
    );
  }
}

function entryOf({ registry, username, password }: RegistryLogin): Record<string, unknown> {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return { [registry]: { username, password, auth } };
}
