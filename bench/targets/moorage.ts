import { join } from "node:path";
import { freePort, startServer, temporaryDirectory } from "./server-process.ts";
import type { Target } from "./target.ts";

const EMAIL = "owner@moorage.example";
const PASSWORD = "a password for measurements";

export interface MoorageOptions {
  readonly name: string;
  /** A checkout, or a directory that holds a bundle. */
  readonly folder: string;
  readonly isBundle: boolean;
  readonly credentials: "basic" | "bearer";
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts Moorage on an empty data directory, with a private registry and a token for it. */
export async function startMoorage(options: MoorageOptions): Promise<Target> {
  const data = await temporaryDirectory();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { command, args } = commandOf(options);
  const server = await startServer({
    command,
    args,
    folder: options.folder,
    environment: {
      MOORAGE_LISTEN: `127.0.0.1:${port}`,
      MOORAGE_DATA_DIR: join(data.path, "data"),
      MOORAGE_ADMIN_EMAIL: EMAIL,
      MOORAGE_ADMIN_PASSWORD: PASSWORD,
      ...options.environment,
    },
    readyUrl: `${url}/readyz`,
  });
  const { username, password } = await createToken(url);
  return {
    endpoint: {
      name: options.name,
      host: "127.0.0.1",
      port,
      prefix: "bench/",
      credentials: { kind: options.credentials, username, password },
    },
    description: `Moorage, private registry, sealed, ${options.credentials} credentials`,
    pid: server.pid,
    startSeconds: server.startSeconds,
    async stop() {
      await server.stop();
      await data.remove();
    },
  };
}

function commandOf({ folder, isBundle }: MoorageOptions) {
  const node = process.execPath;
  return isBundle
    ? { command: node, args: [join(folder, "provider/server/dist/main.js")] }
    : {
        command: node,
        args: ["--conditions=@moorage/source", join(folder, "provider/server/src/main.ts")],
      };
}

async function createToken(url: string) {
  const registry = await post(`${url}/containerregistries/registries`, {
    name: "bench",
    location: "de/fra",
  });
  const token = await post(`${url}/containerregistries/registries/${registry.id}/tokens`, {
    name: "bench",
    scopes: [
      { type: "repository", name: "*", actions: ["pull", "push", "delete"] },
      { type: "registry", name: "*", actions: ["list"] },
    ],
  });
  return { username: "bench", password: token.properties?.credentials?.password ?? "" };
}

interface Created {
  readonly id: string;
  readonly properties?: { readonly credentials?: { readonly password: string } };
}

async function post(url: string, properties: object): Promise<Created> {
  const pair = Buffer.from(`${EMAIL}:${PASSWORD}`).toString("base64");
  const answer = await fetch(url, {
    method: "POST",
    headers: { Authorization: `Basic ${pair}`, "Content-Type": "application/json" },
    body: JSON.stringify({ properties }),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`POST ${url} was answered with ${answer.status}: ${text}`);
  }
  return JSON.parse(text) as Created;
}
