import { DistributionClient } from "./distribution-client.ts";
import { type MadeRegistry, type MadeToken, makeRegistry, makeToken } from "./management.ts";
import { RunningServer } from "./running-server.ts";

/** A server with one registry, and a client that may do everything in it. */
export interface RegistryUnderTest {
  readonly server: RunningServer;
  readonly registry: MadeRegistry;
  readonly token: MadeToken;
  readonly client: DistributionClient;
}

export async function startRegistry(
  environment: Readonly<Record<string, string>> = {},
): Promise<RegistryUnderTest> {
  const server = await RunningServer.start(environment);
  try {
    const registry = await makeRegistry(server.url, "shop");
    const token = await makeToken(server.url, registry, "ci");
    const client = new DistributionClient({
      url: server.url,
      registry: registry.name,
      credentials: token,
    });
    return { server, registry, token, client };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
