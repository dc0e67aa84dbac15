import type { UserPrincipal } from "../domain/access.ts";
import { endpointOf } from "../domain/addressing.ts";
import type { Context } from "./context.ts";
import { findRegistry, findToken, type TokenAddress } from "./find-registry.ts";

/** How a token logs in. Its secret is not known here: `<password>` stands where it belongs. */
export interface LoginInstructions {
  readonly endpoint: string;
  readonly username: string;
  /** Asks for the password. */
  readonly dockerLogin: string;
  /** The content of a secret of type `kubernetes.io/dockerconfigjson`. */
  readonly dockerConfigJson: string;
}

/**
 * `publicUrl`: where whoever asks reaches the server.
 * @throws RegistryError `access-denied`, `registry-unknown`, `token-unknown`
 */
export async function getCredentials(
  context: Pick<Context, "metadata" | "clock" | "settings">,
  principal: UserPrincipal,
  address: TokenAddress,
  publicUrl: string,
): Promise<LoginInstructions> {
  const registry = await findRegistry(context, principal, address.registryId, "browse");
  const { name: username } = await findToken(context, principal, address, "browse");
  const endpoint = endpointOf(registry, { ...context.settings, publicUrl });
  const [host = endpoint] = endpoint.split("/", 1);
  const login = { username, password: "<password>" };
  return {
    endpoint,
    username,
    // A token's name has no character that a shell would read.
    dockerLogin: `docker login --username ${username} ${host}`,
    // Kubernetes, podman and skopeo look for the longest key that fits; docker looks for the host alone.
    dockerConfigJson: JSON.stringify({ auths: { [endpoint]: login, [host]: login } }),
  };
}
