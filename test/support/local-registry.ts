import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Context } from "../../provider/server/src/app/context.ts";
import { type Composition, compose } from "../../provider/server/src/compose.ts";
import { readConfig } from "../../provider/server/src/config.ts";
import type { RegistryId } from "../../provider/server/src/domain/ids.ts";
import { createServer, type ServerOptions } from "../../provider/server/src/http/server.ts";
import { DistributionClient } from "./distribution-client.ts";
import { type MadeRegistry, type MadeToken, makeRegistry, makeToken } from "./management.ts";
import { RecordedEvents } from "./recorded-events.ts";
import { OWNER_EMAIL, OWNER_PASSWORD } from "./running-server.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

type Environment = Readonly<Record<string, string>>;

export interface LocalOptions {
  /** Where to keep the data; it stays when the registry is closed. Left out: a directory of its own, which goes. */
  readonly dataDir?: string;
  /** Changes the parts that use cases work with. */
  readonly adapt?: (context: Context, dataDir: string) => Context | Promise<Context>;
  readonly limits?: ServerOptions;
  /** Settings besides those that every test has. */
  readonly environment?: Environment;
}

/** A server in the test's own process, on a real socket, with the real database and files, and one registry. */
export class LocalRegistry {
  readonly dataDir: string;
  readonly context: Context;
  readonly events: RecordedEvents;
  readonly url: string;
  readonly registry: MadeRegistry;
  readonly token: MadeToken;
  /** May do everything in the registry. */
  readonly client: DistributionClient;
  readonly #close: () => Promise<void>;

  private constructor(parts: Parts, registry: MadeRegistry, token: MadeToken) {
    this.dataDir = parts.dataDir;
    this.context = parts.context;
    this.events = parts.events;
    this.url = parts.url;
    this.registry = registry;
    this.token = token;
    this.client = new DistributionClient({
      url: parts.url,
      registry: registry.name,
      credentials: token,
    });
    this.#close = parts.close;
  }

  static async start(options: LocalOptions = {}): Promise<LocalRegistry> {
    const parts = await startParts(options);
    try {
      const registry = await makeRegistry(parts.url, "shop");
      return new LocalRegistry(parts, registry, await makeToken(parts.url, registry, "ci"));
    } catch (error) {
      await parts.close();
      throw error;
    }
  }

  get registryId(): RegistryId {
    // Read from the server's own answer.
    return this.registry.id as RegistryId;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

interface Parts {
  readonly dataDir: string;
  readonly context: Context;
  readonly events: RecordedEvents;
  readonly url: string;
  close(): Promise<void>;
}

async function startParts({ dataDir, adapt, limits, environment }: LocalOptions): Promise<Parts> {
  const directory = dataDir === undefined ? await temporaryDirectory() : undefined;
  const place = dataDir ?? join(directory?.path ?? "", "data");
  let composition: Composition | undefined;
  let server: FastifyInstance | undefined;
  const close = async () => {
    await server?.close();
    await composition?.close();
    await directory?.remove();
  };
  try {
    const config = settingsFor(place, environment);
    composition = await compose(config);
    const events = new RecordedEvents();
    const plain = { ...composition.context, events };
    const context = adapt === undefined ? plain : await adapt(plain, place);
    server = createServer(context, {
      clientSide: config,
      corsOrigins: config.corsOrigins,
      ...limits,
    });
    const url = await server.listen({ host: "127.0.0.1", port: 0 });
    return { dataDir: place, context, events, url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a server of one test is configured with. */
export function settingsFor(dataDir: string, environment: Environment = {}) {
  return readConfig({
    MOORAGE_DATA_DIR: dataDir,
    MOORAGE_ADMIN_EMAIL: OWNER_EMAIL,
    MOORAGE_ADMIN_PASSWORD: OWNER_PASSWORD,
    MOORAGE_LOG_LEVEL: "silent",
    MOORAGE_WORKERS: "1",
    // All clients of a test have one address.
    MOORAGE_RATE_LIMIT: "off",
    ...environment,
  });
}
